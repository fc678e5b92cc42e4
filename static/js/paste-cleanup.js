// Cleans HTML pasted from Word and Google Docs before the text editor sees it. Both express lists, bold and italic in
// styles; here they become elements. The editor's own rules remove the rest.

function cleanedHtml(html) {
  // Styles are only read: applying one would be reported by the Content Security Policy.
  const inert = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/(\s)(style|on\w+)=/gi, "$1data-$2=");
  const page = new DOMParser().parseFromString(inert, "text/html");
  for (const node of page.querySelectorAll("script, meta, link, title, o\\:p")) node.remove();
  renumberHeadings(page);
  // Google Docs wraps everything in a <b> of normal weight.
  for (const wrapper of page.querySelectorAll("b[id^='docs-internal-guid']")) wrapper.replaceWith(...wrapper.childNodes);
  convertWordLists(page);
  convertStyles(page);
  return page.body.innerHTML;
}

/** Turn h1 into h2 and h4 to h6 into h3: the headline is the page's h1, and articles have two levels below it. */
function renumberHeadings(page) {
  for (const heading of page.querySelectorAll("h1, h4, h5, h6")) {
    const replacement = page.createElement(heading.localName === "h1" ? "h2" : "h3");
    replacement.append(...heading.childNodes);
    heading.replaceWith(replacement);
  }
}

/** Turn each run of paragraphs that Word marks as list items into one list. */
function convertWordLists(page) {
  const items = [...page.querySelectorAll("p")].filter(
    (p) => /mso-list:\s*(?!none)/i.test(p.dataset.style ?? "") || /^MsoListParagraph/.test(p.className),
  );
  let list;
  for (const paragraph of items) {
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*Ignore/i.test(span.dataset.style ?? ""));
    const sign = (mark?.textContent ?? paragraph.textContent).trim();
    if (!mark && !/^([·•o§-]|\(?\w{1,3}[.)])\s/.test(sign)) continue;
    const kind = /^\(?(\d{1,3}|[a-z]{1,3})[.)]/i.test(sign) ? "ol" : "ul";
    if (!mark) removeBullet(paragraph);
    mark?.remove();
    if (list?.localName !== kind || list.nextElementSibling !== paragraph) {
      list = page.createElement(kind);
      paragraph.before(list);
    }
    const item = page.createElement("li");
    item.append(...paragraph.childNodes);
    list.append(item);
    paragraph.remove();
  }
}

/** Remove a bullet or number that stands in the text itself. */
function removeBullet(paragraph) {
  const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim()) continue;
    text.data = text.data.replace(/^\s*([·•o§-]|\(?\w{1,3}[.)])\s+/, "");
    return;
  }
}

/** Turn bold and italic styles into strong and em. */
function convertStyles(page) {
  for (const span of page.querySelectorAll("span[data-style]")) {
    const { style } = span.dataset;
    if (span.closest("h1, h2, h3, h4, h5, h6")) continue; // a heading is bold by itself
    if (/font-style:\s*italic/i.test(style)) wrap(span, "em");
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrap(span, "strong");
  }
}

function wrap(span, tag) {
  const element = span.ownerDocument.createElement(tag);
  element.append(...span.childNodes);
  span.append(element);
}

const dispatched = new WeakSet(); // our own events, which come back to the listener below

document.addEventListener(
  "paste",
  (event) => {
    if (dispatched.has(event) || !event.target.closest?.(".ProseMirror")) return;
    const html = event.clipboardData.getData("text/html");
    if (!/style|<h[1456]/i.test(html)) return;
    event.preventDefault();
    event.stopPropagation();
    const data = new DataTransfer();
    data.setData("text/html", cleanedHtml(html));
    data.setData("text/plain", event.clipboardData.getData("text/plain"));
    const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    dispatched.add(again);
    event.target.dispatchEvent(again);
  },
  true,
);

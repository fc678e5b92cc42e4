// What Word and Google Docs put on the clipboard says in styles what it means. Before the text editor sees it, their lists
// become lists, and their bold and italic become bold and italic; the editor's own rules take out all the rest.

function cleaned(html) {
  // Styles are read, and never applied; the page's policy would complain of each.
  const inert = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/(\s)(style|on\w+)=/gi, "$1data-$2=");
  const page = new DOMParser().parseFromString(inert, "text/html");
  for (const node of page.querySelectorAll("script, meta, link, title, o\\:p")) node.remove();
  headings(page);
  // Google Docs wraps all of it in a bold that is not bold.
  for (const wrapper of page.querySelectorAll("b[id^='docs-internal-guid']")) wrapper.replaceWith(...wrapper.childNodes);
  wordLists(page);
  styledWords(page);
  return page.body.innerHTML;
}

/** The article's headline is the page's first heading: theirs begin one below, and there are two levels. */
function headings(page) {
  for (const heading of page.querySelectorAll("h1, h4, h5, h6")) {
    const ours = page.createElement(heading.localName === "h1" ? "h2" : "h3");
    ours.append(...heading.childNodes);
    heading.replaceWith(ours);
  }
}

/** Paragraphs that Word numbers itself: one list for each run of them, one item for each. */
function wordLists(page) {
  const items = [...page.querySelectorAll("p")].filter(
    (p) => /mso-list:\s*(?!none)/i.test(p.dataset.style ?? "") || /^MsoListParagraph/.test(p.className),
  );
  let list;
  for (const paragraph of items) {
    const mark = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*Ignore/i.test(span.dataset.style ?? ""));
    const sign = (mark?.textContent ?? paragraph.textContent).trim();
    if (!mark && !/^([·•o§-]|\(?\w{1,3}[.)])\s/.test(sign)) continue;
    const kind = /^\(?(\d{1,3}|[a-z]{1,3})[.)]/i.test(sign) ? "ol" : "ul";
    if (!mark) strip(paragraph);
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

/** The bullet or number that stands in the text itself. */
function strip(paragraph) {
  const texts = textsOf(paragraph);
  if (texts[0]) texts[0].data = texts[0].data.replace(/^\s*([·•o§-]|\(?\w{1,3}[.)])\s+/, "");
}

function textsOf(node) {
  const walker = node.ownerDocument.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim()) texts.push(walker.currentNode);
  return texts;
}

function styledWords(page) {
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

const cleanedAlready = new WeakSet();

document.addEventListener(
  "paste",
  (event) => {
    if (cleanedAlready.has(event) || !event.target.closest?.(".ProseMirror")) return;
    const html = event.clipboardData.getData("text/html");
    if (!/style|<h[1456]/i.test(html)) return;
    event.preventDefault();
    event.stopPropagation();
    const data = new DataTransfer();
    data.setData("text/html", cleaned(html));
    data.setData("text/plain", event.clipboardData.getData("text/plain"));
    const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    cleanedAlready.add(again);
    event.target.dispatchEvent(again);
  },
  true,
);

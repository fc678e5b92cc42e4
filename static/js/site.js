// All that the public pages do with a script; each of it is possible without. One file, so that a slow line asks once.

// The person's overlay. Pages are the same for everyone; only where the cookie `somebody` says that there is somebody is
// one small private request made, and the page told who is reading.

let answer;

/** What the site knows of the person: {token, stamp, gift, name, named, supporter, guest, own}. One request a page, however often it is asked. */
function person() {
  answer ??= fetch("/overlay/", { credentials: "same-origin", headers: { Accept: "application/json" } }).then((response) =>
    response.ok ? response.json() : Promise.reject(new Error(String(response.status))),
  );
  answer.catch(() => (answer = undefined)); // a line that was cut may be back at the next try
  return answer;
}

function greet({ name, named, supporter, guest, own }) {
  for (const line of document.querySelectorAll("[data-known]")) line.hidden = !name && !guest;
  own.forEach(showOwn);
  if (guest) for (const field of document.querySelectorAll("[data-guest]")) hideUnlessFollowing(field);
  for (const line of document.querySelectorAll("[data-signed-in]")) {
    line.textContent = `You reply as ${guest || name}.`;
    line.hidden = !guest && !named;
  }
  if (!name) return;
  document.documentElement.classList.toggle("is-supporter", supporter);
  for (const link of document.querySelectorAll("[data-person]")) {
    link.textContent = supporter ? `${name}, supporter` : name;
  }
  for (const field of document.querySelectorAll("[data-guest]")) {
    if (field.dataset.guest === "name" && !named) continue; // they are asked for it, once
    hide(field);
  }
  for (const field of document.querySelectorAll("[data-supporter]")) field.hidden = !supporter;
}

function hide(field, shown = false) {
  field.hidden = !shown;
  for (const input of field.querySelectorAll("input")) input.disabled = !shown;
}

/** A guest's address is not kept: whoever wants mail about answers is asked for it again. */
function hideUnlessFollowing(field) {
  const follow = field.dataset.guest === "email" && field.closest("form").elements.follow;
  hide(field, follow && follow.checked);
  if (follow) follow.addEventListener("change", () => hide(field, follow.checked));
}

/** One's own comment with the ways to change it, where it stands; or above the others, if nobody else is shown it yet. */
function showOwn({ article, id, name, html, ways }) {
  const own = document.getElementById(`c-${id}`) ?? (html && showWaiting(article, name, html));
  for (const [words, href] of Object.entries(own ? ways : {})) {
    const way = document.createElement("a");
    Object.assign(way, { href, textContent: words });
    own.querySelector(".comment-ways").append(way, " ");
  }
}

/** `html` was made safe by the site. */
function showWaiting(article, name, html) {
  const replies = document.querySelector(`.comments[data-article="${article}"] #replies`);
  if (!replies) return null;
  const own = document.createElement("article");
  own.className = "comment comment-own";
  own.innerHTML = `<header><h3 class="comment-name" dir="auto"></h3><p class="comment-time">Waits for a moderator. Only you see it.</p></header><div class="comment-body" dir="auto">${html}</div><p class="comment-ways"></p>`;
  own.querySelector("h3").textContent = name;
  replies.after(own);
  return own;
}

if (/(^|; )(somebody|known)=/.test(document.cookie)) person().then(greet, () => {});

// The breaking banner ends by itself, in a page that stays open or comes from the browser's memory too.

function endBanner() {
  for (const line of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(line.dataset.until) - Date.now();
    if (left <= 0) line.remove();
    else setTimeout(endBanner, Math.min(left, 86_400_000));
  }
}
addEventListener("pageshow", endBanner);

// Forms in public pages carry no token. It is fetched as soon as somebody turns to one, so that sending is one step; if it
// does not come in time, the form is sent without it, and the site asks once more.

const SENDING = 8000; // ms after which a button may be pressed again, should the line have been cut

function hidden(form, name, value) {
  if (form.elements[name]) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}

function prepare(event) {
  const form = event.target.closest?.("form[data-once]");
  if (!form || form.elements.csrfmiddlewaretoken) return;
  person().then(
    ({ token, stamp, gift }) => {
      hidden(form, "csrfmiddlewaretoken", token);
      hidden(form, "stamp", stamp);
      if ("formId" in form.dataset) hidden(form, "form_id", gift); // the same form sent twice is one gift
    },
    () => {},
  );
}

function send(event) {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sending) {
    event.preventDefault(); // the second of two quick clicks
    return;
  }
  form.dataset.sending = "yes";
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  const again = () => {
    delete form.dataset.sending;
    button?.removeAttribute("aria-disabled");
  };
  setTimeout(again, SENDING);
  addEventListener("pageshow", again, { once: true }); // back from the payment page
}

for (const kind of ["focusin", "pointerover"]) document.addEventListener(kind, prepare);
document.addEventListener("submit", send);

// A report counts as read once it has been in sight for a while, and once for each tab: this tab alone remembers it, and
// forgets it when it is closed. The site is told which report, and nothing else; no cookie goes with it.

const READING = 10_000; // ms

function countRead(article) {
  const told = `read ${article.dataset.read}`;
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => setTimeout(countRead, READING, article), { once: true });
    return;
  }
  try {
    if (sessionStorage.getItem(told)) return;
    sessionStorage.setItem(told, "1");
  } catch {
    return; // a browser that may keep nothing would tell of every reload
  }
  fetch(article.dataset.read, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
}

for (const article of document.querySelectorAll("[data-read]")) setTimeout(countRead, READING, article);

// Embeds: a card stands in the page, and nothing of its provider is loaded before somebody asks for it.

for (const embed of document.querySelectorAll("[data-embed]")) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: "Show it here" });
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, {
      src: embed.dataset.embed,
      title: embed.querySelector(".embed-title").textContent,
      allowFullscreen: true,
      referrerPolicy: "origin", // film players refuse a page that does not say where it is
    });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
    embed.replaceChildren(frame);
    frame.focus();
  });
  embed.querySelector("a").before(button, " ");
}

// The link to a report is copied; without a script, or where that is not allowed, it is a link to be copied by hand.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  const words = link.textContent;
  navigator.clipboard.writeText(link.href).then(
    () => {
      link.textContent = "Copied";
      setTimeout(() => (link.textContent = words), 3000);
    },
    () => (location.href = link.href),
  );
});

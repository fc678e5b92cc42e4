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
    line.querySelector("bdi").textContent = guest || name;
    line.hidden = !guest && !named;
  }
  if (!name) return;
  document.documentElement.classList.toggle("is-supporter", supporter);
  for (const link of document.querySelectorAll("[data-person]")) {
    const shown = named ? name : "Your account"; // an address is not for whoever looks over a shoulder
    link.textContent = supporter ? `${shown}, supporter` : shown;
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
  const own = document.querySelector(`.comments #c-${id}`) ?? (html && showWaiting(article, name, html));
  for (const [words, href] of Object.entries(own ? ways : {})) {
    const way = document.createElement("a");
    Object.assign(way, { href, textContent: words });
    own.querySelector(".comment-actions").append(way, " ");
  }
}

/** `html` was made safe by the site. */
function showWaiting(article, name, html) {
  const replies = document.querySelector(`.comments[data-article="${article}"] #replies`);
  if (!replies) return null;
  const own = document.createElement("article");
  own.className = "comment comment-own";
  own.innerHTML = `<header><h3 class="comment-name" dir="auto"></h3><p class="comment-time">Waits for a moderator. Only you see it.</p></header><div class="comment-body" dir="auto">${html}</div><p class="comment-actions"></p>`;
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
const SLOW = "The line is slow. You may press again: it counts only once.";
const OFFLINE = "You are offline, so nothing was sent. What you typed stays here: please press again later.";

/** Tells how the sending fares, also to whoever listens: the line is there, empty, before it has something to say. */
function say(form, words) {
  let line = form.querySelector("[role=status]");
  if (!line) {
    line = document.createElement("p");
    line.className = "quiet";
    line.setAttribute("role", "status");
    form.append(line);
  }
  line.textContent = words;
}

function hidden(form, name, value) {
  if (form.elements[name]) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}

function prepare(event) {
  const form = event.target.closest?.("form[data-once]");
  if (!form) return;
  if (!form.dataset.sending) say(form, "");
  if (form.elements.csrfmiddlewaretoken) return;
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
  if (!navigator.onLine) {
    event.preventDefault();
    say(form, OFFLINE);
    return;
  }
  form.dataset.sending = "yes";
  say(form, "Sending …");
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  const again = (words) => {
    delete form.dataset.sending;
    button?.removeAttribute("aria-disabled");
    say(form, words);
  };
  const slow = setTimeout(again, SENDING, SLOW);
  const back = () => (clearTimeout(slow), again("")); // from the payment page, or from a line that was cut
  addEventListener("pageshow", back, { once: true });
}

for (const kind of ["focusin", "pointerover"]) document.addEventListener(kind, prepare);
document.addEventListener("submit", send);

// A reply is kept while it is typed, for a reload, a phone that runs out of memory, or a line that is cut: the words alone,
// without name and address, in this tab's memory, which ends with the tab. Nothing longer, as phones are shared and taken.

const SENT = "sent"; // which draft is on its way

const draftOf = (form) => `draft ${form.getAttribute("action")} ${form.elements.parent?.value ?? ""}`;

const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

/** What was sent has arrived where the site leads on to the comment or to its thanks, and not where one came back. */
function forgetSent() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !cameBack && /^#c(-|omment-)/.test(location.hash)) sessionStorage.removeItem(sent);
}

function keepDraft(form) {
  const field = form.elements.body;
  const keep = () => sessionStorage.setItem(draftOf(form), field.value);
  field.value ||= sessionStorage.getItem(draftOf(form)) ?? "";
  if (!cameBack && field.value !== field.defaultValue) keep(); // typed before this script had come
  form.addEventListener("input", keep);
}

function noteSent({ target, defaultPrevented }) {
  if (target.matches("[data-forget]")) sessionStorage.clear();
  else if (target.matches("[data-draft]") && !defaultPrevented) sessionStorage.setItem(SENT, draftOf(target));
}

try {
  forgetSent();
  document.querySelectorAll("[data-draft]").forEach(keepDraft);
  addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(SENT));
  document.addEventListener("submit", noteSent);
} catch {} // a browser that may keep nothing

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
      link.nextElementSibling.textContent = "The link is copied."; // a changed link is not read aloud
      setTimeout(() => {
        link.textContent = words;
        link.nextElementSibling.textContent = "";
      }, 3000);
    },
    () => (location.href = link.href),
  );
});

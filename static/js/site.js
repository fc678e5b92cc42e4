// The public pages' script. Everything also works without it. One file, so that a slow connection makes one request.

// The overlay. Cached pages are the same for everyone; if a cookie says that the reader is known, one small private request
// fetches who it is.

let overlay;

/** Resolve to {token, stamp, gift, name, named, staff, supporter, guest, own}. One request a page, however often it is called. */
function fetchOverlay() {
  overlay ??= fetch("/overlay/", { credentials: "same-origin", headers: { Accept: "application/json" } }).then((response) =>
    response.ok ? response.json() : Promise.reject(new Error(String(response.status))),
  );
  overlay.catch(() => (overlay = undefined)); // try again at the next call
  return overlay;
}

function showReader({ name, named, staff, supporter, guest, own }) {
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
    const shown = named ? name : "Your account"; // without a name it is the email address, which bystanders should not read
    link.textContent = supporter ? `${shown}, supporter` : shown;
  }
  for (const field of document.querySelectorAll("[data-guest]")) {
    if (field.dataset.guest === "name" && !named) continue; // a member without a name is asked for one, once
    hide(field);
  }
  for (const field of document.querySelectorAll("[data-supporter]")) field.hidden = !supporter;
  for (const field of document.querySelectorAll("[data-staff]")) field.hidden = !staff;
}

function hide(field, shown = false) {
  field.hidden = !shown;
  for (const input of field.querySelectorAll("input")) input.disabled = !shown;
}

/** A known guest is asked for the address again only to follow by mail, as the site stores just its hash. */
function hideUnlessFollowing(field) {
  const follow = field.dataset.guest === "email" && field.closest("form").elements.follow;
  hide(field, follow && follow.checked);
  if (follow) follow.addEventListener("change", () => hide(field, follow.checked));
}

/** Add edit and delete links to the reader's own comment; one that still waits is shown above the others. */
function showOwn({ article, id, name, html, ways }) {
  const own = document.querySelector(`.comments #c-${id}`) ?? (html && showWaiting(article, name, html));
  for (const [textContent, href] of Object.entries(own ? ways : {})) {
    const link = document.createElement("a");
    Object.assign(link, { href, textContent });
    own.querySelector(".comment-actions").append(link, " ");
  }
}

/** `html` was sanitized by the server. */
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

if (/(^|; )(somebody|known)=/.test(document.cookie)) fetchOverlay().then(showReader, () => {});

// The breaking news banner is removed at its end, also from a page that stays open or comes from the back/forward cache.

function removeExpiredBanner() {
  for (const line of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(line.dataset.until) - Date.now();
    if (left <= 0) line.remove();
    else setTimeout(removeExpiredBanner, Math.min(left, 86_400_000));
  }
}
addEventListener("pageshow", removeExpiredBanner);

// Cached pages' forms carry no CSRF token. It is fetched when the reader focuses or hovers over a form, and waited for when the
// form is sent; without it the site shows the form once more. A second click on the button sends nothing.

const SEND_TIMEOUT = 8000; // ms after which the button works again
const TOKEN_TIMEOUT = 4000; // ms
const SLOW = "The line is slow. You may press again: it counts only once.";
const OFFLINE = "You are offline, so nothing was sent. What you typed stays here: please press again later.";

/** Set the form's status line. Screen readers announce it only if it was in the page, empty, before. */
function showStatus(form, message) {
  let line = form.querySelector("[role=status]");
  if (!line) {
    line = document.createElement("p");
    line.className = "quiet";
    line.setAttribute("role", "status");
    form.append(line);
  }
  line.textContent = message;
}

function addHidden(form, name, value) {
  if (form.elements[name]) return;
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}

function prepare(event) {
  const form = event.target.closest?.("form[data-once]");
  if (!form) return;
  if (!form.dataset.sending) showStatus(form, "");
  addToken(form);
}

/** Resolve when the form has its token, or cannot get it. */
async function addToken(form) {
  if (form.elements.csrfmiddlewaretoken) return;
  try {
    const { token, stamp, gift } = await fetchOverlay();
    addHidden(form, "csrfmiddlewaretoken", token);
    addHidden(form, "stamp", stamp);
    if ("formId" in form.dataset) addHidden(form, "form_id", gift); // the idempotency key of a donation
  } catch {}
}

/** Send the form when it has its token. */
async function sendWithToken(form, button) {
  form.dataset.sending = "yes";
  showStatus(form, "Sending …");
  await Promise.race([addToken(form), new Promise((resolve) => setTimeout(resolve, TOKEN_TIMEOUT))]);
  form.dataset.token = "tried";
  delete form.dataset.sending;
  form.requestSubmit(button);
}

function send(event) {
  const form = event.target;
  if (!form.matches("form[data-once]")) return;
  if (form.dataset.sending) {
    event.preventDefault(); // a double click
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    showStatus(form, OFFLINE);
    return;
  }
  if (!form.elements.csrfmiddlewaretoken && !form.dataset.token) {
    event.preventDefault();
    sendWithToken(form, event.submitter);
    return;
  }
  form.dataset.sending = "yes";
  showStatus(form, "Sending …");
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  const release = (message) => {
    delete form.dataset.sending;
    button?.removeAttribute("aria-disabled");
    showStatus(form, message);
  };
  const timer = setTimeout(release, SEND_TIMEOUT, SLOW);
  const comeBack = () => (clearTimeout(timer), release("")); // with the back button, from the payment page
  addEventListener("pageshow", comeBack, { once: true });
}

for (const kind of ["focusin", "pointerover"]) document.addEventListener(kind, prepare);
document.addEventListener("submit", send);

// Drafts of comments survive a reload or a lost connection: the text alone, without name and address, in sessionStorage,
// which ends with the tab. Nothing is stored for longer, as phones are shared, lost and searched.

const SENT = "sent"; // the storage key of the draft that was submitted last

const draftKey = (form) => `draft ${form.getAttribute("action")} ${form.elements.parent?.value ?? ""}`;

const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

/** Delete the draft that was sent once the site has redirected to the comment or its thanks. */
function deleteSentDraft() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && !cameBack && /^#c(-|omment-)/.test(location.hash)) sessionStorage.removeItem(sent);
}

function saveDraft(form) {
  const field = form.elements.body;
  const save = () => sessionStorage.setItem(draftKey(form), field.value);
  field.value ||= sessionStorage.getItem(draftKey(form)) ?? "";
  if (!cameBack && field.value !== field.defaultValue) save(); // typed before this script had loaded
  form.addEventListener("input", save);
}

function markSent({ target, defaultPrevented }) {
  if (target.matches("[data-clear-drafts]")) sessionStorage.clear();
  else if (target.matches("[data-draft]") && !defaultPrevented) sessionStorage.setItem(SENT, draftKey(target));
}

try {
  deleteSentDraft();
  document.querySelectorAll("[data-draft]").forEach(saveDraft);
  addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(SENT));
  document.addEventListener("submit", markSent);
} catch {} // storage is blocked

// Addresses copied out of right-to-left text carry marks that nobody sees, and for which the browser would refuse the address.

document.addEventListener("input", ({ target }) => {
  if (target.type === "email" && /\p{Cf}/u.test(target.value)) target.value = target.value.replace(/\p{Cf}/gu, "");
});

// Counts a read once an article has been visible for a while, once for each tab. The request carries no cookie.

const READ_AFTER = 10_000; // ms

function countRead(article) {
  const key = `read ${article.dataset.read}`;
  if (document.hidden) {
    document.addEventListener("visibilitychange", () => setTimeout(countRead, READ_AFTER, article), { once: true });
    return;
  }
  try {
    if (sessionStorage.getItem(key)) return;
    sessionStorage.setItem(key, "1");
  } catch {
    return; // storage is blocked, and every reload would count
  }
  fetch(article.dataset.read, { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
}

for (const article of document.querySelectorAll("[data-read]")) setTimeout(countRead, READ_AFTER, article);

// Embeds: the page has a card; nothing is loaded from the provider before the reader asks for it.

for (const embed of document.querySelectorAll("[data-embed]")) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button", textContent: "Show it here" });
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    Object.assign(frame, {
      src: embed.dataset.embed,
      title: embed.querySelector(".embed-title").textContent,
      allowFullscreen: true,
      referrerPolicy: "origin", // video players refuse pages without a referrer
    });
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation");
    embed.replaceChildren(frame);
    frame.focus();
  });
  embed.querySelector("a").before(button, " ");
}

// Copies an article's address. Without a script or permission it stays a link that can be copied by hand.

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  const text = link.textContent;
  navigator.clipboard.writeText(link.href).then(
    () => {
      link.textContent = "Copied";
      link.nextElementSibling.textContent = "The link is copied."; // screen readers do not announce a changed link
      setTimeout(() => {
        link.textContent = text;
        link.nextElementSibling.textContent = "";
      }, 3000);
    },
    () => (location.href = link.href),
  );
});

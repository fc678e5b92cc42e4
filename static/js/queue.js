// Keys for the moderators' queue. Each of them presses a button of a form that works without a script too; the answer is
// the comment's card as it then stands, put in its place.

const queue = document.querySelector("[data-queue]");
const status = queue.querySelector("[data-status]");
const help = queue.querySelector("[data-keys]");
const cards = () => [...queue.querySelectorAll("[data-card]")];
const decided = []; // the ids of cards, the last decision last
let sending = Promise.resolve(); // one after the other, in the order of the keys

function current() {
  return document.activeElement?.closest("[data-card]") ?? null;
}

function go(step) {
  const all = cards();
  const at = all.indexOf(current());
  const next = at === -1 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

/** Send a form of a card as its button would; the card is replaced by the answer. */
async function send(form, button, reason) {
  const card = form.closest("[data-card]");
  const data = new FormData(form, button);
  if (reason) data.set("reason", reason);
  card.setAttribute("aria-busy", "true");
  let fresh;
  let signedOut = false;
  try {
    const headers = { "X-Queue": "1" };
    const response = await fetch(form.action, { method: "POST", body: data, headers, redirect: "manual" });
    // To the page for signing in; or the token is of a session that has ended.
    signedOut = response.type === "opaqueredirect" || response.status === 403;
    if (!response.ok && response.status !== 409) throw new Error(String(response.status));
    fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-card]");
    if (!fresh) throw new Error("no card");
  } catch {
    card.removeAttribute("aria-busy");
    status.textContent = signedOut
      ? "You are signed out. Nothing was decided; please sign in again and reload this page."
      : "This did not reach the site. Nothing was decided; please try again.";
    return false;
  }
  const focused = card.contains(document.activeElement);
  card.replaceWith(fresh);
  if (focused) fresh.focus();
  const problem = fresh.querySelector("[data-problem]");
  status.textContent = problem
    ? problem.textContent
    : `${fresh.querySelector("h2").textContent.trim()}: ${fresh.querySelector("[data-state]").textContent}.`;
  if (form.matches("[data-decide]") && !problem) decided.push(fresh.id);
  return true;
}

function press(card, to, reason) {
  const form = card?.querySelector("[data-decide]");
  const button = form?.querySelector(`button[value="${to}"]`);
  // What this page has decided already is decided anew with its buttons, not by a key pressed once too often.
  if (!button || card.querySelector("[data-undo]") || card.hasAttribute("aria-busy")) return false;
  sending = sending.then(() => send(form, button, reason));
  card.setAttribute("aria-busy", "true");
  return true;
}

function decide(to, all) {
  if (!all) {
    if (press(current(), to)) go(1);
    return;
  }
  const reason = queue.querySelector("#ticked [name=reason]").value;
  for (const tick of queue.querySelectorAll("[data-tick]:checked")) {
    tick.checked = false;
    press(tick.closest("[data-card]"), to, reason);
  }
}

function undo() {
  sending = sending.then(async () => {
    const last = decided.pop() ?? "";
    const form = document.getElementById(last)?.querySelector("[data-undo]");
    if (!form) return;
    form.closest("[data-card]").focus();
    if (!(await send(form))) decided.push(last);
  });
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  a: (event) => decide("approved", event.shiftKey),
  r: (event) => decide("rejected", event.shiftKey),
  s: (event) => decide("spam", event.shiftKey),
  u: undo,
  x: () => current()?.querySelector("[data-tick]").click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : ""];
  if (!act) return;
  event.preventDefault();
  act(event);
});

queue.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-decide], [data-undo]")) return;
  event.preventDefault();
  sending = sending.then(() => send(form, event.submitter));
});

const button = queue.querySelector("[data-help]");
button.hidden = false;
button.addEventListener("click", () => help.showModal());

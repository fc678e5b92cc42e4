// Keyboard control of the moderation queue. Each key presses a button of a form that also works without a script. The
// server's response replaces the comment's card, and further comments are loaded before the list runs out.

const queue = document.querySelector("[data-queue]");
const list = queue.querySelector("[data-list]");
const statusLine = queue.querySelector("[data-status]");
const help = queue.querySelector("[data-keys]");
const leaseForm = queue.querySelector("[data-lease]"); // absent in lists that are only read

const LOAD_BELOW = 5; // undecided cards left in the list
const LEASE_RENEWAL = 60_000; // ms; shorter than the server's lease
const MIN_INTERVAL = 250; // ms between two decisions; nobody reads a comment faster, so it was a bouncing key
const MAX_DECIDED = 20; // decided cards that stay in the list

const decided = []; // ids of cards, the latest decision last
let requests = Promise.resolve(); // one at a time, in the order of the keys
let leasedAt = -Infinity; // performance.now() of the last lease
let decidedAt = -Infinity; // event.timeStamp of the last decision

const cards = () => [...queue.querySelectorAll("[data-card]")];
const current = () => document.activeElement?.closest("[data-card]") ?? null;
const isBusy = (card) => card.hasAttribute("aria-busy");
// Decided here, or found decided or changed by somebody else. Such a card stays visible.
const isSettled = (card) => Boolean(card.querySelector("[data-undo], [data-problem]"));
const isWaiting = (card) => !isSettled(card) && !isBusy(card);
const countUnsent = () => queue.querySelectorAll("[data-unsent]").length;

function focusCard(card) {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" }); // longer than the window
}

function focusNeighbour(step) {
  const all = cards();
  const at = all.indexOf(current());
  focusCard(at === -1 ? all.at(step > 0 ? 0 : -1) : all[at + step]);
}

/** Focus the next undecided card: further down, else one that was skipped above. */
function focusNextWaiting() {
  const all = cards();
  const below = all.slice(all.indexOf(current()) + 1);
  focusCard(below.find(isWaiting) ?? all.find(isWaiting));
}

/** Submit a form and return the response as a document. Throws the message to show to the moderator, a string. */
async function post(form, button, reason) {
  const data = new FormData(form, button);
  if (reason) data.set("reason", reason);
  let response;
  let text = "";
  try {
    response = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: { "X-Queue": "1" },
      redirect: "manual",
    });
    text = await response.text();
  } catch {
    throw "No answer from the site. This is not decided; please try again.";
  }
  // A redirect to the sign-in page, or a CSRF token of a session that has ended.
  if (response.type === "opaqueredirect" || response.status === 403) {
    throw "You are signed out. This is not decided; please sign in again and reload this page.";
  }
  if (!response.ok && response.status !== 409) {
    throw `The site could not do this (${response.status}). This is not decided; please try again.`;
  }
  return new DOMParser().parseFromString(text, "text/html");
}

/** Submit a card's form as its button would, and replace the card by the one in the response. */
async function send(form, button, reason) {
  const card = form.closest("[data-card]");
  card.setAttribute("aria-busy", "true");
  let fresh;
  try {
    fresh = (await post(form, button, reason)).querySelector("[data-card]");
  } catch (message) {
    card.removeAttribute("aria-busy");
    showUnsent(card, message);
    return false;
  }
  const focused = card.contains(document.activeElement);
  card.replaceWith(fresh);
  if (focused) fresh.focus({ preventScroll: true });
  const problem = fresh.querySelector("[data-problem]");
  if (!problem && form.matches("[data-decide]")) decided.push(fresh.id);
  if (!problem) changeCount(form.matches("[data-decide]") ? -1 : 1);
  if (leaseForm && (problem || cards().filter(isWaiting).length < LOAD_BELOW)) await lease();
  const name = fresh.querySelector("h2").textContent.trim();
  showStatus(problem ? problem.textContent : `${name}: ${fresh.querySelector("[data-state]").textContent}.`);
  return true;
}

/** Change the number of waiting comments in the list's tab; the next lease brings the server's own. */
function changeCount(change) {
  const number = queue.querySelector("[aria-current] [data-number]");
  if (/^\d+$/.test(number?.textContent)) number.textContent = Number(number.textContent) + change;
}

/** Say in the card that its decision was not sent. The card stays undecided, and the focus stays where the moderator is. */
function showUnsent(card, message) {
  card.querySelector("[data-unsent]")?.remove();
  const note = document.createElement("p");
  note.className = "queue-problem";
  note.dataset.unsent = "";
  note.textContent = message;
  card.prepend(note);
  showStatus(message);
}

function showStatus(message) {
  const unsent = countUnsent();
  if (unsent) message += ` ${unsent} ${unsent === 1 ? "is" : "are"} marked as not decided.`;
  else if (leaseForm && !cards().some(isWaiting)) message += " Nothing else waits here. Thank you.";
  statusLine.textContent = message;
  statusLine.classList.toggle("queue-problem", unsent > 0);
}

/** Lease waiting comments for this moderator: new ones are appended, those that a colleague has leased are removed. */
async function lease() {
  leasedAt = performance.now();
  let page;
  try {
    page = await post(leaseForm);
  } catch {
    return; // the next decision will report the problem
  }
  const numbers = [...page.querySelectorAll("[data-number]")];
  queue.querySelectorAll("[data-number]").forEach((number, at) => (number.textContent = numbers[at].textContent));
  queue.querySelector("[data-notes]").replaceChildren(...page.querySelector("[data-notes]").childNodes);
  const fresh = new Map([...page.querySelectorAll("[data-card]")].map((card) => [card.id, card]));
  const here = current();
  let gone = false;
  for (const card of cards()) {
    const same = fresh.get(card.id);
    fresh.delete(card.id);
    if (same || !isWaiting(card) || card.querySelector("[data-unsent]")) continue;
    gone ||= card === here;
    card.remove();
  }
  list.append(...fresh.values());
  const settled = cards().filter(isSettled);
  for (const card of settled.slice(0, -MAX_DECIDED)) if (card !== here) card.remove();
  if (gone) {
    focusCard(cards().find(isWaiting));
    showStatus("Colleagues are at work on what stood here.");
  }
}

/** Queue a decision. Returns false if the card offers no such button, or one is under way. */
function submitDecision(card, to, reason) {
  const form = card?.querySelector("[data-decide]");
  const button = form?.querySelector(`button[value="${to}"]`);
  if (!button || isBusy(card)) return false;
  card.setAttribute("aria-busy", "true");
  requests = requests.then(() => send(form, button, reason));
  return true;
}

function decide(to, event, reason) {
  if (event.repeat || event.timeStamp - decidedAt < MIN_INTERVAL) return;
  decidedAt = event.timeStamp;
  if (!event.shiftKey) {
    if (submitDecision(current(), to, reason)) focusNextWaiting();
    return;
  }
  reason ??= queue.querySelector("#ticked [name=reason]").value;
  for (const tick of queue.querySelectorAll("[data-tick]:checked")) {
    tick.checked = false;
    submitDecision(tick.closest("[data-card]"), to, reason);
  }
  if (current() && !isWaiting(current())) focusNextWaiting();
}

function undo(event) {
  if (event.repeat) return;
  requests = requests.then(async () => {
    if (!decided.length) {
      queue.querySelector("[data-last]")?.requestSubmit(); // a decision made before this page was loaded
      return;
    }
    const last = decided.pop();
    const form = document.getElementById(last)?.querySelector("[data-undo]");
    if (!form) return;
    focusCard(form.closest("[data-card]"));
    if (!(await send(form))) decided.push(last);
  });
}

function tick(event) {
  if (!event.shiftKey) {
    const card = current();
    card?.querySelector("[data-tick]").click();
    focusCard(card); // or the bar that now appears at the foot would cover it
    return;
  }
  const ticks = cards().filter(isWaiting).map((card) => card.querySelector("[data-tick]"));
  const all = ticks.every((one) => one.checked);
  for (const one of ticks) one.checked = !all;
}

const KEYS = {
  j: () => focusNeighbour(1),
  k: () => focusNeighbour(-1),
  a: (event) => decide("approved", event),
  r: (event) => decide("rejected", event),
  s: (event) => decide("spam", event),
  u: undo,
  x: tick,
  "?": () => help.showModal(),
};

/** The character of a key; on an Urdu keyboard, the Latin one at the same place. */
function keyOf(event) {
  if (/^Digit[1-9]$/.test(event.code)) return event.code.at(-1);
  if (event.key.length !== 1) return "";
  if (event.key <= "~") return event.key.toLowerCase();
  return event.code === "Slash" ? "?" : event.code.replace("Key", "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const key = keyOf(event);
  const reason = /\d/.test(key) && queue.querySelectorAll("#ticked [name=reason] option")[key - 1]?.value;
  const act = reason ? () => decide("rejected", event, reason) : KEYS[key];
  if (!act) return;
  event.preventDefault();
  act(event);
});

// Focus in a card means that the moderator is at work: renew the lease, so that colleagues get other comments.
queue.addEventListener("focusin", (event) => {
  if (!leaseForm || !event.target.closest("[data-card]") || performance.now() - leasedAt < LEASE_RENEWAL) return;
  leasedAt = performance.now();
  requests = requests.then(lease);
});

queue.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-decide], [data-undo]")) return;
  event.preventDefault();
  const card = form.closest("[data-card]");
  if (isBusy(card)) return;
  card.setAttribute("aria-busy", "true");
  requests = requests.then(() => send(form, event.submitter));
});

// Closing the page would lose decisions that are still being sent.
addEventListener("beforeunload", (event) => {
  if (cards().some(isBusy)) event.preventDefault();
});

const button = queue.querySelector("[data-help]");
button.hidden = false;
button.addEventListener("click", () => help.showModal());

// Keys for the moderators' queue. Each of them presses a button of a form that works without a script too; the answer is
// the comment's card as it then stands, put in its place. The next comments come by themselves.

const queue = document.querySelector("[data-queue]");
const list = queue.querySelector("[data-list]");
const status = queue.querySelector("[data-status]");
const help = queue.querySelector("[data-keys]");
const more = queue.querySelector("[data-take]"); // only where there is something to work off

const FEW = 5; // cards left to decide: time to ask for the next ones
const TAKE_AGAIN = 60_000; // milliseconds: what is opened stays in hand for longer than that
const BLINK = 250; // milliseconds in which nobody reads a comment: a key that bounced
const KEPT = 20; // decided cards that stay in sight

const decided = []; // the ids of cards, the last decision last
let sending = Promise.resolve(); // one after the other, in the order of the keys
let taken = -Infinity;
let pressed = -Infinity;

const cards = () => [...queue.querySelectorAll("[data-card]")];
const current = () => document.activeElement?.closest("[data-card]") ?? null;
const isBusy = (card) => card.hasAttribute("aria-busy");
// Decided here, or found to be decided or changed elsewhere: it stays to be seen.
const isSettled = (card) => Boolean(card.querySelector("[data-undo], [data-problem]"));
const waits = (card) => !isSettled(card) && !isBusy(card);
const unsent = () => queue.querySelectorAll("[data-unsent]").length;

function open(card) {
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" }); // longer than the window
}

function go(step) {
  const all = cards();
  const at = all.indexOf(current());
  open(at === -1 ? all.at(step > 0 ? 0 : -1) : all[at + step]);
}

/** To what is to be decided next: further down, else what was left above. */
function goOn() {
  const all = cards();
  const below = all.slice(all.indexOf(current()) + 1);
  open(below.find(waits) ?? all.find(waits));
}

/** What the site answers to a form. Throws what to tell the moderator. */
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
  // To the page for signing in; or the token is of a session that has ended.
  if (response.type === "opaqueredirect" || response.status === 403) {
    throw "You are signed out. This is not decided; please sign in again and reload this page.";
  }
  if (!response.ok && response.status !== 409) {
    throw `The site could not do this (${response.status}). This is not decided; please try again.`;
  }
  return new DOMParser().parseFromString(text, "text/html");
}

/** Send a form of a card as its button would; the card is replaced by the answer. */
async function send(form, button, reason) {
  const card = form.closest("[data-card]");
  card.setAttribute("aria-busy", "true");
  let fresh;
  try {
    fresh = (await post(form, button, reason)).querySelector("[data-card]");
  } catch (words) {
    card.removeAttribute("aria-busy");
    complain(card, words);
    return false;
  }
  const focused = card.contains(document.activeElement);
  card.replaceWith(fresh);
  if (focused) fresh.focus({ preventScroll: true });
  const problem = fresh.querySelector("[data-problem]");
  if (!problem && form.matches("[data-decide]")) decided.push(fresh.id);
  if (!problem) count(form.matches("[data-decide]") ? -1 : 1);
  if (more && (problem || cards().filter(waits).length < FEW)) await take();
  const name = fresh.querySelector("h2").textContent.trim();
  say(problem ? problem.textContent : `${name}: ${fresh.querySelector("[data-state]").textContent}.`);
  return true;
}

/** How many wait in this list; the site says it anew with the next ones. */
function count(change) {
  const number = queue.querySelector("[aria-current] [data-number]");
  if (/^\d+$/.test(number?.textContent)) number.textContent = Number(number.textContent) + change;
}

/** Say in the card that its decision did not get through. It goes on waiting; whoever reads on is not called back. */
function complain(card, words) {
  card.querySelector("[data-unsent]")?.remove();
  const note = document.createElement("p");
  note.className = "queue-problem";
  note.dataset.unsent = "";
  note.textContent = words;
  card.prepend(note);
  say(words);
}

function say(words) {
  const left = unsent();
  if (left) words += ` ${left} ${left === 1 ? "is" : "are"} marked as not decided.`;
  else if (more && !cards().some(waits)) words += " Nothing else waits here. Thank you.";
  status.textContent = words;
  status.classList.toggle("queue-problem", left > 0);
}

/** Have the site put what waits into this moderator's hands: what is new comes below, what is not theirs goes. */
async function take() {
  taken = performance.now();
  let page;
  try {
    page = await post(more);
  } catch {
    return; // it is said as soon as something is decided
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
    if (same || !waits(card) || card.querySelector("[data-unsent]")) continue;
    gone ||= card === here;
    card.remove();
  }
  list.append(...fresh.values());
  const settled = cards().filter(isSettled);
  for (const card of settled.slice(0, -KEPT)) if (card !== here) card.remove();
  if (gone) {
    open(cards().find(waits));
    say("Colleagues are at work on what stood here.");
  }
}

function press(card, to, reason) {
  const form = card?.querySelector("[data-decide]");
  const button = form?.querySelector(`button[value="${to}"]`);
  if (!button || isBusy(card)) return false;
  card.setAttribute("aria-busy", "true");
  sending = sending.then(() => send(form, button, reason));
  return true;
}

function decide(to, event, reason) {
  if (event.repeat || event.timeStamp - pressed < BLINK) return;
  pressed = event.timeStamp;
  if (!event.shiftKey) {
    if (press(current(), to, reason)) goOn();
    return;
  }
  reason ??= queue.querySelector("#ticked [name=reason]").value;
  for (const tick of queue.querySelectorAll("[data-tick]:checked")) {
    tick.checked = false;
    press(tick.closest("[data-card]"), to, reason);
  }
  if (current() && !waits(current())) goOn();
}

function undo(event) {
  if (event.repeat) return;
  sending = sending.then(async () => {
    if (!decided.length) {
      queue.querySelector("[data-last]")?.requestSubmit(); // of before this page was loaded
      return;
    }
    const last = decided.pop();
    const form = document.getElementById(last)?.querySelector("[data-undo]");
    if (!form) return;
    open(form.closest("[data-card]"));
    if (!(await send(form))) decided.push(last);
  });
}

function tick(event) {
  if (!event.shiftKey) {
    const card = current();
    card?.querySelector("[data-tick]").click();
    open(card); // the bar that now stands at the foot would cover it
    return;
  }
  const ticks = cards().filter(waits).map((card) => card.querySelector("[data-tick]"));
  const all = ticks.every((one) => one.checked);
  for (const one of ticks) one.checked = !all;
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  a: (event) => decide("approved", event),
  r: (event) => decide("rejected", event),
  s: (event) => decide("spam", event),
  u: undo,
  x: tick,
  "?": () => help.showModal(),
};

/** What a key stands for; by its place, where the keyboard is set to Urdu. */
function meaning(event) {
  if (/^Digit[1-9]$/.test(event.code)) return event.code.at(-1);
  if (event.key.length !== 1) return "";
  if (event.key <= "~") return event.key.toLowerCase();
  return event.code === "Slash" ? "?" : event.code.replace("Key", "").toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const key = meaning(event);
  const reason = /\d/.test(key) && queue.querySelectorAll("#ticked [name=reason] option")[key - 1]?.value;
  const act = reason ? () => decide("rejected", event, reason) : KEYS[key];
  if (!act) return;
  event.preventDefault();
  act(event);
});

// Whoever opens a card is at work: the list is in their hands, and colleagues are shown what follows.
queue.addEventListener("focusin", (event) => {
  if (!more || !event.target.closest("[data-card]") || performance.now() - taken < TAKE_AGAIN) return;
  taken = performance.now();
  sending = sending.then(take);
});

queue.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-decide], [data-undo]")) return;
  event.preventDefault();
  const card = form.closest("[data-card]");
  if (isBusy(card)) return;
  card.setAttribute("aria-busy", "true");
  sending = sending.then(() => send(form, event.submitter));
});

// What is on its way is not lost by closing the page.
addEventListener("beforeunload", (event) => {
  if (cards().some(isBusy)) event.preventDefault();
});

const button = queue.querySelector("[data-help]");
button.hidden = false;
button.addEventListener("click", () => help.showModal());

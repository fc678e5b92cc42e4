// The article's form at the desk: what is typed is kept every few seconds, leaving with something unsaved asks first, and
// blocks are moved by keyboard too.

const EVERY = 5000; // ms between two looks at whether something was typed
const form = document.getElementById("article_form");
const status = document.querySelector("[data-autosave]");

// What is typed and not saved

let saved; // the form as the server has it
let kept; // the form as it was last kept
let leaving = false;
let sending;

function typed() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields.toString();
}

// For a line that is cut, or a session that has ended: nothing stays in this browser once the server has it.
const OURS = status && `unsaved ${status.dataset.person} `;
const here = status && `${OURS}${form.elements.autosave_key.value}`;

function keepHere(body) {
  localStorage.setItem(here, JSON.stringify([status.dataset.autosave, body]));
}

function tell(words, bad = false) {
  status.textContent = words;
  status.classList.toggle("bad", bad);
}

async function post(address, body, options) {
  const fields = new FormData();
  for (const [name, value] of new URLSearchParams(body)) fields.append(name, value);
  fields.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return fetch(address, { method: "POST", body: fields, credentials: "same-origin", redirect: "manual", ...options });
}

/** Whoever signed in again, in another tab, has another token. */
async function renewToken() {
  const page = await (await fetch(location.pathname, { credentials: "same-origin" })).text();
  const found = page.match(/id="article_form"[^]*?name="csrfmiddlewaretoken" value="([^"]+)"/);
  if (found) for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = found[1];
  return Boolean(found);
}

async function send(address, body, options) {
  let answer = await post(address, body, options);
  if (answer.status === 403 && (await renewToken())) answer = await post(address, body, options);
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("You are signed out. Sign in again in another tab");
  if (!answer.ok) throw new Error("The server could not keep this");
  return answer.json();
}

async function keep(options = {}) {
  if (leaving || saved === undefined) return;
  const body = typed();
  if (body === kept || sending) return;
  sending = new AbortController();
  try {
    const { at, others } = await send(status.dataset.autosave, body, { signal: sending.signal, ...options });
    kept = body;
    localStorage.removeItem(here);
    tell(`Not saved yet; kept for you at ${at}.`);
    const line = document.querySelector("[data-others]");
    if (line) line.textContent = others.length ? `${others.join(", ")} ${others.length > 1 ? "are" : "is"} writing here just now.` : "";
  } catch (error) {
    if (leaving) return;
    keepHere(body);
    const why = error instanceof TypeError ? "No connection" : error.message;
    tell(`${why}: what you typed is kept in this browser meanwhile.`, true);
  } finally {
    sending = undefined;
  }
}

/** What another visit left in this browser: away with what was saved since; the rest goes to the server, and is offered. */
async function sendWhatWasLeft() {
  const savedKeys = status.dataset.saved.split(" ");
  let ofThisPage = false;
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(OURS))) {
    if (savedKeys.includes(name.slice(OURS.length))) {
      localStorage.removeItem(name);
      continue;
    }
    const [address, body] = JSON.parse(localStorage.getItem(name));
    try {
      await send(address, body);
      localStorage.removeItem(name);
      ofThisPage ||= address === status.dataset.autosave;
    } catch {
      tell("Something you typed before is still in this browser, and will be sent when the line is back.", true);
    }
  }
  if (ofThisPage) location.reload(); // where it is offered
}

if (form && status) {
  sendWhatWasLeft();
  // The text editors put their own order into the form while it opens: it counts from when they are done, or somebody is
  // quicker.
  const begin = () => {
    if (saved === undefined && document.readyState === "complete") kept = saved = typed();
  };
  for (const kind of ["pointerdown", "keydown", "dragstart"]) document.addEventListener(kind, begin, { capture: true });
  addEventListener("load", () => setTimeout(begin, 300));
  setInterval(keep, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden && keep({ keepalive: true }));
  form.addEventListener("submit", (event) => {
    if (leaving) {
      event.preventDefault(); // the second of two quick clicks
      return;
    }
    leaving = true;
    sending?.abort();
    const body = typed();
    if (body !== saved) keepHere(body); // until the server says that it is saved
    setTimeout(() => (leaving = false), 10_000); // should the line have been cut
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => {
    if (!leaving && saved !== undefined && typed() !== saved) event.preventDefault();
  });
}

// Blocks by keyboard

function ordering(block) {
  return block.querySelector(".order-machine-ordering");
}

function move(block, step) {
  const blocks = [...document.querySelectorAll(".order-machine .inline-related:not(.empty-form)")];
  blocks.sort((a, b) => a.style.order - b.style.order);
  const other = blocks[blocks.indexOf(block) + step];
  if (!other) return;
  blocks.splice(blocks.indexOf(block), 1);
  blocks.splice(blocks.indexOf(other) + (step > 0 ? 1 : 0), 0, block);
  blocks.forEach((one, place) => {
    ordering(one).value = one.style.order = 10 * (place + 1);
  });
  block.scrollIntoView({ block: "nearest" });
}

document.addEventListener("content-editor:activate", ({ detail: { inline } }) => {
  const heading = inline.querySelector("h3");
  if (!heading || heading.querySelector(".block-move") || !ordering(inline)) return;
  const buttons = document.createElement("span");
  buttons.className = "block-move";
  for (const [step, sign, words] of [
    [-1, "↑", "Move up"],
    [1, "↓", "Move down"],
  ]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: sign, title: words });
    button.setAttribute("aria-label", words);
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // a click on the heading folds the block
      move(inline, step);
      button.focus();
    });
    buttons.append(button);
  }
  heading.append(buttons);
});

// Autosaves the article's form: every few seconds the server stores what was typed (localStorage while it cannot be
// reached), and leaving the page with unsaved changes asks first. It is offered to the writer on the next visit.

const INTERVAL = 5000; // ms between two autosaves
const SUBMIT_TIMEOUT = 10_000; // ms after which a submission counts as failed
const form = document.getElementById("article_form");
const statusLine = document.querySelector("[data-autosave]");

let saved; // the form's content when the page was loaded; undefined until the editors have started
let autosaved; // the content that the server stored last
let submitting = false;
let request; // the AbortController of the autosave under way

function content() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  return fields.toString();
}

// For a lost connection or an expired session. Entries are deleted once the server has them.
const STORAGE_PREFIX = statusLine && `unsaved ${statusLine.dataset.person} `;
const storageKey = statusLine && `${STORAGE_PREFIX}${form.elements.autosave_key.value}`;

function storeLocally(body) {
  localStorage.setItem(storageKey, JSON.stringify([statusLine.dataset.autosave, body]));
}

function showStatus(message, failed = false) {
  statusLine.textContent = message;
  statusLine.classList.toggle("failed", failed);
}

async function post(address, body, options) {
  const fields = new FormData();
  for (const [name, value] of new URLSearchParams(body)) fields.append(name, value);
  fields.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  return fetch(address, { method: "POST", body: fields, credentials: "same-origin", redirect: "manual", ...options });
}

/** Fetch a CSRF token of the present session: signing in again in another tab has replaced the form's. */
async function renewToken() {
  const page = await (await fetch(location.pathname, { credentials: "same-origin" })).text();
  const found = page.match(/id="article_form"[^]*?name="csrfmiddlewaretoken" value="([^"]+)"/);
  if (found) for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = found[1];
  return Boolean(found);
}

async function send(address, body, options) {
  let response = await post(address, body, options);
  if (response.status === 403 && (await renewToken())) response = await post(address, body, options);
  if (response.type === "opaqueredirect" || response.status === 403) throw new Error("You are signed out. Sign in again in another tab");
  if (!response.ok) throw new Error("The server could not keep this");
  return response.json();
}

async function autosave(options = {}) {
  if (submitting || saved === undefined) return;
  const body = content();
  if (body === autosaved || request) return;
  request = new AbortController();
  try {
    const { at, others } = await send(statusLine.dataset.autosave, body, { signal: request.signal, ...options });
    autosaved = body;
    localStorage.removeItem(storageKey);
    showStatus(`Not saved yet; kept for you at ${at}.`);
    const line = document.querySelector("[data-others]");
    if (line) line.textContent = others.length ? `${others.join(", ")} ${others.length > 1 ? "are" : "is"} writing here just now.` : "";
  } catch (error) {
    if (submitting) return;
    storeLocally(body);
    const why = error instanceof TypeError ? "No connection" : error.message;
    showStatus(`${why}: what you typed is kept in this browser meanwhile.`, true);
  } finally {
    request = undefined;
  }
}

/** Send what earlier visits left in localStorage, and delete what was saved since. The server then offers it. */
async function sendStored() {
  const savedKeys = statusLine.dataset.saved.split(" ");
  let ofThisPage = false;
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(STORAGE_PREFIX))) {
    if (savedKeys.includes(name.slice(STORAGE_PREFIX.length))) {
      localStorage.removeItem(name);
      continue;
    }
    const [address, body] = JSON.parse(localStorage.getItem(name));
    try {
      await send(address, body);
      localStorage.removeItem(name);
      ofThisPage ||= address === statusLine.dataset.autosave;
    } catch {
      showStatus("Something you typed before is still in this browser, and will be sent when the line is back.", true);
    }
  }
  if (ofThisPage) location.reload(); // the reloaded page offers it
}

if (form && statusLine) {
  sendStored();
  // The text editors normalize their fields while they start. Changes count from then on, or from the first input of
  // somebody who is quicker.
  const begin = () => {
    if (saved === undefined && document.readyState === "complete") autosaved = saved = content();
  };
  for (const type of ["pointerdown", "keydown", "dragstart"]) document.addEventListener(type, begin, { capture: true });
  addEventListener("load", () => setTimeout(begin, 300));
  setInterval(autosave, INTERVAL);
  document.addEventListener("visibilitychange", () => document.hidden && autosave({ keepalive: true }));
  form.addEventListener("submit", (event) => {
    if (submitting) {
      event.preventDefault(); // a double click
      return;
    }
    submitting = true;
    request?.abort();
    const body = content();
    if (body !== saved) storeLocally(body); // the next page deletes it if the server has saved it
    setTimeout(() => (submitting = false), SUBMIT_TIMEOUT);
  });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => {
    if (!submitting && saved !== undefined && content() !== saved) event.preventDefault();
  });
}

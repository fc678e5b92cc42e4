// Chooses photos for a form field, in a dialog outside the form: one photo, or several in an order that is changed by
// dragging or with buttons. Listeners sit on the document because galleries' fields and the dialog come and go.

let picker = null; // the field that the dialog is open for

function dialog() {
  let found = document.querySelector("dialog.picker-dialog");
  if (!found) {
    found = document.createElement("dialog");
    found.className = "picker-dialog";
    found.setAttribute("aria-labelledby", "picker-title");
    found.addEventListener("close", () => {
      const button = picker?.querySelector(".picker-open");
      picker = null;
      found.replaceChildren();
      button?.focus();
    });
    document.body.append(found);
  }
  return found;
}

const UNREACHABLE = '<p class="errornote" role="alert">The library cannot be reached. Are you signed in?</p><button type="button" class="button picker-close">Close</button>';

async function fetchPage(address) {
  const response = await fetch(address).catch(() => null);
  const template = document.createElement("template");
  template.innerHTML = response?.ok && !response.redirected ? await response.text() : UNREACHABLE;
  return template.content;
}

async function openDialog(field) {
  picker = field;
  const shown = dialog();
  shown.replaceChildren(await fetchPage(field.dataset.dialog));
  if (!shown.open) shown.showModal();
  markPicked();
}

const picksSeveral = () => picker.classList.contains("photo-picker-several");
const inputs = (field) => [...field.querySelectorAll(".picked input[type=hidden]")];

function markPicked() {
  const ids = inputs(picker).map((input) => input.value);
  for (const tile of document.querySelectorAll(".picker-dialog .photo-tile")) tile.setAttribute("aria-pressed", String(ids.includes(tile.dataset.photo)));
}

/** Put a photo into the field, or take it out again where several may be chosen. */
function pick({ photo, thumbnail, words }) {
  const list = picker.querySelector(".picked");
  const existing = inputs(picker).find((input) => input.value === photo);
  if (existing && picksSeveral()) {
    existing.closest("li").remove();
  } else if (!existing) {
    const item = picker.querySelector("template").content.firstElementChild.cloneNode(true);
    const input = item.querySelector("input");
    input.name = picker.querySelector(".picked-name").name;
    input.value = photo;
    item.querySelector("img").src = thumbnail;
    item.querySelector(".picked-alt").textContent = words;
    item.querySelector(".picked-link").href = picker.dataset.dialog.replace("pick/", `${photo}/change/`);
    if (!picksSeveral()) list.replaceChildren();
    list.append(item);
  }
  notifyForm(picker);
  if (picksSeveral()) markPicked();
  else dialog().close();
}

/** Fire the events that typing would fire, for whatever watches the form for changes. */
function notifyForm(field) {
  const input = field.querySelector(".picked-name");
  for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Replace the dialog's photos by those of another address, and leave uploads and search field as they are. */
async function showResults(address) {
  const page = await fetchPage(address);
  const results = page.querySelector(".picker-results");
  if (!results) return dialog().replaceChildren(page);
  const shown = document.querySelector(".picker-results");
  if (!shown) return; // the dialog was closed meanwhile
  shown.replaceWith(results);
  document.querySelector(".picker-more")?.remove();
  const more = page.querySelector(".picker-more");
  if (more) results.after(more);
  markPicked();
}

const SEARCH_DELAY = 250; // ms after the last key
let searchTimer;
document.addEventListener("input", (event) => {
  if (!event.target.matches(".picker-search input")) return;
  clearTimeout(searchTimer);
  searchTimer = setTimeout(() => event.target.isConnected && event.target.form.requestSubmit(), SEARCH_DELAY);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".picker-search")) return;
  event.preventDefault();
  showResults(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
}, true);

document.addEventListener("photo:use", (event) => picker && pick(event.target.dataset));

document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at(".photo-picker .picker-open")) openDialog(at(".photo-picker"));
  else if (at(".picker-close")) dialog().close();
  else if (at(".picker-dialog .photo-tile")) pick(at(".photo-tile").dataset);
  else if (at(".picker-more a")) {
    event.preventDefault();
    showResults(picker.dataset.dialog + at(".picker-more a").getAttribute("href"));
  } else if (at(".picked li")) changePicked(at(".photo-picker"), at(".picked li"), at("[data-remove], [data-move]"));
});

/** Do what a chosen photo's button says: remove it, or move it by one place. */
function changePicked(field, item, button) {
  if (!button) return;
  if ("remove" in button.dataset) {
    item.remove();
    notifyForm(field);
    field.querySelector(".picker-open").focus();
    return;
  }
  const earlier = button.dataset.move === "earlier";
  const other = earlier ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  other[earlier ? "before" : "after"](item);
  notifyForm(field);
  button.focus(); // moving the element took the focus away
}

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".photo-picker-several .picked li") || null;
});
document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest?.(".picked li");
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (over === dragged) return;
  const items = [...over.parentElement.children];
  over[items.indexOf(dragged) > items.indexOf(over) ? "before" : "after"](dragged);
});
document.addEventListener("dragend", () => {
  if (dragged) notifyForm(dragged.closest(".photo-picker"));
  dragged = null;
});

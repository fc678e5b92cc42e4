// Photos at the desk: uploading several at once, choosing them in a form, and setting the focal point.
// Everything listens at the document, as forms and dialogs come and go.

// Uploading: each file is a request of its own, one after the other, and its result takes the place of its progress.

let queue = Promise.resolve();

function uploadAll(section, files) {
  for (const file of files) {
    const row = document.createElement("li");
    row.className = "result";
    const name = document.createElement("strong");
    name.textContent = file.name;
    row.append(name);
    section.querySelector(".results").append(row);
    if (file.size > Number(section.dataset.largest)) {
      refuse(row, section.dataset.tooLarge.replace("{}", Math.floor(file.size / 1e6)));
      count(section);
      continue;
    }
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", `Upload of ${file.name}`);
    row.append(progress);
    row.dataset.waiting = "";
    queue = queue.then(() => uploadOne(section, file, row, progress));
  }
  count(section);
}

function uploadOne(section, file, row, progress) {
  return new Promise((done) => {
    const form = section.querySelector(".upload-form");
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("fragment", "1");
    data.append("photos", file);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      progress.value = event.loaded / event.total;
      if (event.loaded === event.total) progress.removeAttribute("value"); // it is being read
    });
    request.addEventListener("loadend", () => {
      delete row.dataset.waiting;
      const signedOut = request.status === 403 || (request.responseURL && request.responseURL !== form.action);
      if (request.status === 200 && !signedOut) {
        row.replaceWith(fragment(request.responseText));
      } else if (request.status === 413) {
        refuse(row, section.dataset.tooLarge.replace("{}", Math.floor(file.size / 1e6)));
      } else {
        retry(section, file, row, signedOut);
      }
      count(section);
      done();
    });
    request.open("POST", form.action);
    request.send(data);
  });
}

function refuse(row, words) {
  row.className = "result result-bad";
  row.querySelector("progress")?.remove();
  const said = document.createElement("span");
  said.textContent = words;
  row.append(" ", said);
}

function retry(section, file, row, signedOut) {
  refuse(row, signedOut ? "You are signed out: sign in in another tab." : "It did not arrive: the line was cut, or the site is down.");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button";
  again.textContent = "Send it again";
  again.addEventListener("click", () => {
    row.remove();
    uploadAll(section, [file]);
  });
  row.append(" ", again);
}

function count(section) {
  const waiting = section.querySelectorAll("[data-waiting]").length;
  const good = section.querySelectorAll(".result-good").length;
  const bad = section.querySelectorAll(".result-bad").length;
  const words = [`${good} in the library`];
  if (bad) words.push(`${bad} refused`);
  if (waiting) words.push(`${waiting} on the way`);
  section.querySelector(".upload-status").textContent = `${words.join(", ")}.`;
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".upload-form input[type=file]") || !event.target.files.length) return;
  uploadAll(event.target.closest(".uploads"), [...event.target.files]);
  event.target.value = "";
});

// Where files that are held over the page would go: the open dialog, or the wall. Nowhere for anything but files.
const dropZone = (event) => (event.dataTransfer?.types.includes("Files") ? document.querySelector("dialog[open] .uploads") || document.querySelector(".uploads") : null);
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const section = dropZone(event);
    if (!section?.querySelector(".upload-form")) return;
    event.preventDefault(); // or the browser would leave the page for the picture
    section.classList.add("dropping");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelectorAll(".dropping").forEach((section) => section.classList.remove("dropping"));
});
document.addEventListener("drop", (event) => {
  const section = dropZone(event);
  if (!section?.querySelector(".upload-form")) return;
  event.preventDefault();
  section.classList.remove("dropping");
  uploadAll(section, [...event.dataTransfer.files]);
});

// Words that were typed and not saved: leaving asks first.
let unsavedWords = false;
document.addEventListener("input", (event) => {
  if (event.target.closest(".describe-form")) unsavedWords = true;
});
addEventListener("beforeunload", (event) => {
  if (unsavedWords) event.preventDefault();
});

async function saveWords(form) {
  const data = new FormData(form);
  data.append("fragment", "1");
  const response = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
  if (!response || response.redirected || ![200, 422].includes(response.status)) {
    form.querySelector(".upload-status").textContent = "The words could not be saved. They are still here: try again.";
    return false;
  }
  const refused = [...form.querySelectorAll(".result-bad")];
  form.querySelector(".results").replaceChildren(...refused, fragment(await response.text()));
  unsavedWords = !response.ok;
  form.querySelector(".upload-status").textContent = response.ok ? "The words are saved." : "Please look at what is marked.";
  return response.ok;
}

// Choosing: a dialog over the form, outside of it.

let picker = null; // the field that the dialog was opened for

function dialog() {
  let found = document.querySelector("dialog.pick-dialog");
  if (!found) {
    found = document.createElement("dialog");
    found.className = "pick-dialog";
    found.setAttribute("aria-labelledby", "pick-title");
    found.addEventListener("close", () => {
      if (unsavedWords) saveWords(found.querySelector(".describe-form"));
      const button = picker?.querySelector(".pick");
      picker = null;
      found.replaceChildren();
      button?.focus();
    });
    document.body.append(found);
  }
  return found;
}

async function fetchPage(address) {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok || response.redirected) return fragment('<p class="errornote" role="alert">The library cannot be reached. Are you signed in?</p><button type="button" class="button pick-close">Close</button>');
  return fragment(await response.text());
}

async function open(field) {
  picker = field;
  const shown = dialog();
  shown.replaceChildren(await fetchPage(field.dataset.dialog));
  if (!shown.open) shown.showModal();
  markPicked();
}

function several() {
  return picker.classList.contains("photo-picker-several");
}

const inputs = (field) => [...field.querySelectorAll(".picked input[type=hidden]")];

function markPicked() {
  const keys = inputs(picker).map((input) => input.value);
  for (const tile of document.querySelectorAll(".pick-dialog .tile")) tile.setAttribute("aria-pressed", String(keys.includes(tile.dataset.photo)));
}

function pick({ photo, thumbnail, words }) {
  const list = picker.querySelector(".picked");
  const there = inputs(picker).find((input) => input.value === photo);
  if (there && several()) {
    there.closest("li").remove();
  } else if (!there) {
    const item = picker.querySelector("template").content.firstElementChild.cloneNode(true);
    const input = item.querySelector("input");
    input.name = picker.querySelector(".picked-name").name;
    input.value = photo;
    item.querySelector("img").src = thumbnail;
    item.querySelector(".picked-words").textContent = words;
    item.querySelector(".picked-open").href = picker.dataset.dialog.replace("pick/", `${photo}/change/`);
    if (!several()) list.replaceChildren();
    list.append(item);
  }
  changed(picker);
  if (several()) markPicked();
  else dialog().close();
}

// The form is told as if somebody had typed, so that it knows that it is no longer what was saved.
function changed(field) {
  const input = field.querySelector(".picked-name");
  for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
}

async function turnTo(address) {
  const page = await fetchPage(address);
  const wall = page.querySelector(".pick-wall");
  if (!wall) return dialog().replaceChildren(page);
  const shown = document.querySelector(".pick-wall");
  if (!shown) return; // the dialog was closed meanwhile
  shown.replaceWith(wall);
  document.querySelector(".pick-more")?.remove();
  const more = page.querySelector(".pick-more");
  if (more) wall.after(more);
  markPicked();
}

let searching;
document.addEventListener("input", (event) => {
  if (!event.target.matches(".pick-search input")) return;
  clearTimeout(searching);
  searching = setTimeout(() => event.target.isConnected && event.target.form.requestSubmit(), 250);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches(".pick-search")) {
    event.preventDefault();
    turnTo(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
  } else if (event.target.matches(".pick-dialog .describe-form")) {
    event.preventDefault();
    saveWords(event.target);
  } else if (event.target.matches(".describe-form")) {
    unsavedWords = false;
  }
}, true);

document.addEventListener("click", async (event) => {
  const at = (selector) => event.target.closest(selector);
  if (at(".photo-picker .pick")) return open(at(".photo-picker"));
  if (at(".pick-close")) return dialog().close();
  if (at(".pick-dialog .tile")) return pick(at(".tile").dataset);
  if (at(".pick-more a")) {
    event.preventDefault();
    return turnTo(picker.dataset.dialog + at(".pick-more a").getAttribute("href"));
  }
  if (at(".pick-dialog .use")) {
    const { photo } = at(".result").dataset;
    const form = at(".describe-form");
    if (await saveWords(form)) pick(form.querySelector(`[data-photo="${photo}"]`).dataset);
    return undefined;
  }
  const item = at(".picked li");
  if (!item) return undefined;
  const field = at(".photo-picker");
  if (at("[data-remove]")) {
    item.remove();
    changed(field);
    field.querySelector(".pick").focus();
  } else if (at("[data-move=earlier]") && item.previousElementSibling) {
    item.previousElementSibling.before(item);
    moved(field, at("[data-move]"));
  } else if (at("[data-move=later]") && item.nextElementSibling) {
    item.nextElementSibling.after(item);
    moved(field, at("[data-move]"));
  }
  return undefined;
});

function moved(field, button) {
  changed(field);
  button.focus(); // which moving the element takes away
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
  const earlier = [...over.parentElement.children].indexOf(dragged) > [...over.parentElement.children].indexOf(over);
  over[earlier ? "before" : "after"](dragged);
});
document.addEventListener("dragend", () => {
  if (dragged) changed(dragged.closest(".photo-picker"));
  dragged = null;
});

// The focal point: the numbers are what is sent; the picture is a way to set them.

const focus = (axis) => document.getElementById(`id_focus_${axis}`);
const percent = (value) => Math.min(100, Math.max(0, Math.round(value)));

function showFocus() {
  const picture = document.querySelector(".focal-picture");
  if (!picture || !focus("x")) return;
  const [x, y] = ["x", "y"].map((axis) => percent(Number(focus(axis).value)));
  const point = picture.querySelector(".focal-point");
  point.hidden = false;
  point.style.left = `${x}%`;
  point.style.top = `${y}%`;
  for (const crop of document.querySelectorAll(".focal-crop")) crop.style.objectPosition = `${x}% ${y}%`;
}

function setFocus(x, y) {
  focus("x").value = percent(x);
  focus("y").value = percent(y);
  showFocus();
}

document.addEventListener("click", (event) => {
  const picture = event.target.closest(".focal-picture");
  if (!picture || !event.detail || !focus("x")) return; // without a place it was the keyboard
  const box = picture.querySelector("img").getBoundingClientRect();
  setFocus((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || !event.target.closest(".focal-picture") || !focus("x")) return;
  event.preventDefault();
  const far = event.shiftKey ? 10 : 1;
  setFocus(Number(focus("x").value) + far * step[0], Number(focus("y").value) + far * step[1]);
});
document.addEventListener("input", (event) => {
  if (event.target.matches("#id_focus_x, #id_focus_y")) showFocus();
});
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("with-script");
  showFocus();
});

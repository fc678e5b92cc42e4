// Uploads photos: chosen in the file field or dropped on the page. Each file is one request, one after the other; the
// server's result replaces the file's progress bar. Listeners sit on the document because the picker's dialog comes and goes.

let uploads = Promise.resolve();

function uploadAll(section, files) {
  for (const file of files) {
    const row = document.createElement("li");
    row.className = "upload-result";
    const name = document.createElement("strong");
    name.textContent = file.name;
    row.append(name);
    section.querySelector(".upload-results").append(row);
    if (file.size > Number(section.dataset.largest)) {
      refuse(row, tooLarge(section, file));
      showTotals(section);
      continue;
    }
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", `Upload of ${file.name}`);
    row.append(progress);
    row.dataset.waiting = "";
    uploads = uploads.then(() => uploadOne(section, file, row, progress));
  }
  showTotals(section);
}

function uploadOne(section, file, row, progress) {
  return new Promise((resolve) => {
    const form = section.querySelector(".upload-form");
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("fragment", "1");
    data.append("photos", file);
    const request = new XMLHttpRequest(); // fetch reports no upload progress
    request.upload.addEventListener("progress", (event) => {
      progress.value = event.loaded / event.total;
      if (event.loaded === event.total) progress.removeAttribute("value"); // the server is processing it
    });
    request.addEventListener("loadend", () => {
      delete row.dataset.waiting;
      const signedOut = request.status === 403 || (request.responseURL && request.responseURL !== form.action);
      if (request.status === 200 && !signedOut) {
        row.outerHTML = request.responseText;
      } else if (request.status === 413) {
        refuse(row, tooLarge(section, file));
      } else {
        offerRetry(section, file, row, signedOut);
      }
      showTotals(section);
      resolve();
    });
    request.open("POST", form.action);
    request.send(data);
  });
}

function tooLarge(section, file) {
  return section.dataset.tooLarge.replace("{}", Math.floor(file.size / 1e6));
}

function refuse(row, reason) {
  row.className = "upload-result upload-failed";
  row.querySelector("progress")?.remove();
  const message = document.createElement("span");
  message.textContent = reason;
  row.append(" ", message);
}

function offerRetry(section, file, row, signedOut) {
  refuse(row, signedOut ? "You are signed out: sign in in another tab." : "It did not arrive: the line was cut, or the site is down.");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Send it again";
  button.addEventListener("click", () => {
    row.remove();
    uploadAll(section, [file]);
  });
  row.append(" ", button);
}

function showTotals(section) {
  const waiting = section.querySelectorAll("[data-waiting]").length;
  const good = section.querySelectorAll(".upload-stored").length;
  const bad = section.querySelectorAll(".upload-failed").length;
  const parts = [`${good} in the library`];
  if (bad) parts.push(`${bad} refused`);
  if (waiting) parts.push(`${waiting} on the way`);
  section.querySelector(".upload-status").textContent = `${parts.join(", ")}.`;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".upload-form input[type=file]") || !event.target.files.length) return;
  uploadAll(event.target.closest(".uploads"), [...event.target.files]);
  event.target.value = "";
});

/** The section that takes a drop: the one in the open dialog, else the page's; null if no files are dragged. */
function dropTarget(event) {
  if (!event.dataTransfer?.types.includes("Files")) return null;
  const section = document.querySelector("dialog[open] .uploads") || document.querySelector(".uploads");
  return section?.querySelector(".upload-form") ? section : null;
}

for (const type of ["dragenter", "dragover"]) {
  document.addEventListener(type, (event) => {
    const section = dropTarget(event);
    if (!section) return;
    event.preventDefault(); // or the browser would leave the page and show the picture
    section.classList.add("drag-over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelectorAll(".drag-over").forEach((section) => section.classList.remove("drag-over"));
});
document.addEventListener("drop", (event) => {
  const section = dropTarget(event);
  if (!section) return;
  event.preventDefault();
  section.classList.remove("drag-over");
  uploadAll(section, [...event.dataTransfer.files]);
});

document.documentElement.classList.add("with-script"); // hides the submit button that only pages without a script need

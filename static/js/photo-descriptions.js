// Saves alt text, captions and credits of uploaded photos. In the library the form is a plain one, and leaving the page
// with unsaved text asks first. In the picker's dialog it is saved in place. "Use this photo" saves, and then tells the
// picker with a `photo:use` event.

let unsaved = false;

document.addEventListener("input", (event) => {
  if (event.target.closest(".describe-form")) unsaved = true;
});

addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

/** Save the form in place. Returns true if the server accepted all of it. */
async function save(form) {
  const status = form.querySelector(".upload-status");
  const data = new FormData(form);
  data.append("fragment", "1");
  const response = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
  if (!response || response.redirected || ![200, 422].includes(response.status)) {
    status.textContent = "The words could not be saved. They are still here: try again.";
    return false;
  }
  const html = await response.text();
  const results = form.querySelector(".upload-results");
  const refused = [...results.querySelectorAll(".upload-failed")]; // files, which the server does not send back
  results.innerHTML = html;
  results.prepend(...refused);
  unsaved = !response.ok;
  status.textContent = response.ok ? "The words are saved." : "Please look at what is marked.";
  return response.ok;
}

document.addEventListener("submit", (event) => {
  if (event.target.matches(".picker-dialog .describe-form")) {
    event.preventDefault();
    save(event.target);
  } else if (event.target.matches(".describe-form")) {
    unsaved = false;
  }
}, true);

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".picker-dialog .use-photo");
  if (!button) return;
  const { photo } = button.closest(".upload-result").dataset;
  const form = button.closest(".describe-form");
  if (await save(form)) form.querySelector(`[data-photo="${photo}"]`).dispatchEvent(new Event("photo:use", { bubbles: true }));
});

// Closing the dialog does not bubble, and the picker then empties it: this listener has to come first.
document.addEventListener("close", (event) => {
  const form = unsaved && event.target.matches(".picker-dialog") && event.target.querySelector(".describe-form");
  if (form) save(form);
}, true);

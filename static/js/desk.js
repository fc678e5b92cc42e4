// The article's form at the desk: leaving it with something unsaved asks first.

let unsaved = false;

document.addEventListener("input", (event) => {
  if (event.target.closest("#article_form")) unsaved = true;
});
document.addEventListener("submit", () => {
  unsaved = false;
});
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

// Lets editors rearrange the front page: two articles swap places by dragging, or with the buttons added here. The form's
// own button saves.

function swap(one, other) {
  if (!one || !other || one === other) return;
  const [a, b] = [one.querySelector("select"), other.querySelector("select")];
  [a.value, b.value] = [b.value, a.value];
  for (const select of [a, b]) select.closest(".board-place").classList.add("moved");
}

for (const place of document.querySelectorAll(".board-place")) {
  const buttons = document.createElement("span");
  buttons.className = "board-move";
  for (const [sign, label, sibling] of [
    ["↑", "Move up", "previousElementSibling"],
    ["↓", "Move down", "nextElementSibling"],
  ]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: sign, className: "button" });
    button.setAttribute("aria-label", `${label}: ${place.querySelector("label").textContent.replace(":", "")}`);
    button.addEventListener("click", () => {
      swap(place, place[sibling]);
      place[sibling]?.querySelector(`[aria-label^="${label}"]`).focus();
    });
    buttons.append(button);
  }
  place.querySelector(".board-choice").append(buttons);
  place.draggable = true;
  place.addEventListener("dragstart", (event) => {
    event.dataTransfer.setData("text/plain", String([...place.parentNode.children].indexOf(place)));
    event.dataTransfer.effectAllowed = "move";
  });
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    swap(place, place.parentNode.children[Number(event.dataTransfer.getData("text/plain"))]);
  });
}

// Gives each block of the article's form two buttons that move it up and down. The content editor itself has only dragging.

const position = (block) => block.querySelector(".order-machine-ordering");

function move(block, step) {
  const blocks = [...document.querySelectorAll(".order-machine .inline-related:not(.empty-form)")];
  blocks.sort((a, b) => a.style.order - b.style.order);
  const other = blocks[blocks.indexOf(block) + step];
  if (!other) return;
  blocks.splice(blocks.indexOf(block), 1);
  blocks.splice(blocks.indexOf(other) + (step > 0 ? 1 : 0), 0, block);
  blocks.forEach((one, index) => {
    position(one).value = one.style.order = 10 * (index + 1);
  });
  block.scrollIntoView({ block: "nearest" });
}

document.addEventListener("content-editor:activate", ({ detail: { inline } }) => {
  const heading = inline.querySelector("h3");
  if (!heading || heading.querySelector(".block-move") || !position(inline)) return;
  const buttons = document.createElement("span");
  buttons.className = "block-move";
  for (const [step, sign, label] of [
    [-1, "↑", "Move up"],
    [1, "↓", "Move down"],
  ]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: sign, title: label });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", (event) => {
      event.stopPropagation(); // a click on the heading folds the block
      move(inline, step);
      button.focus();
    });
    buttons.append(button);
  }
  heading.append(buttons);
});

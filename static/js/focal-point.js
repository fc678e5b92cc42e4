// Sets a photo's focal point by a click on the picture or with the arrow keys. The two number fields are what is sent.

const field = (axis) => document.getElementById(`id_focus_${axis}`);
const percent = (value) => Math.min(100, Math.max(0, Math.round(value)));

function showPoint() {
  const picture = document.querySelector(".focal-picture");
  if (!picture || !field("x")) return;
  const [x, y] = ["x", "y"].map((axis) => percent(Number(field(axis).value)));
  const point = picture.querySelector(".focal-point");
  point.hidden = false;
  point.style.left = `${x}%`;
  point.style.top = `${y}%`;
  for (const crop of document.querySelectorAll(".focal-crop")) crop.style.objectPosition = `${x}% ${y}%`;
}

function setPoint(x, y) {
  field("x").value = percent(x);
  field("y").value = percent(y);
  showPoint();
}

document.addEventListener("click", (event) => {
  const picture = event.target.closest(".focal-picture");
  if (!picture || !event.detail || !field("x")) return; // detail is 0 for a press by keyboard, which has no place
  const box = picture.querySelector("img").getBoundingClientRect();
  setPoint((100 * (event.clientX - box.left)) / box.width, (100 * (event.clientY - box.top)) / box.height);
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || !event.target.closest(".focal-picture") || !field("x")) return;
  event.preventDefault();
  const size = event.shiftKey ? 10 : 1; // percent
  setPoint(Number(field("x").value) + size * step[0], Number(field("y").value) + size * step[1]);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("#id_focus_x, #id_focus_y")) showPoint();
});

showPoint();

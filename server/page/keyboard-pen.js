// @ts-check

/** Steps of an arrow key across the pad: as many as the model sees pixels. */
const steps = 28;

/** The keyboard's number among the pointers; those of browsers are not negative. */
const keyboard = -2;

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const arrows = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * A pen for those who have neither mouse nor touch: arrows move it, space puts it down and lifts it.
 * @param {HTMLCanvasElement} canvas can have the focus
 * @param {HTMLElement} mark lies over the canvas and shows where the pen is
 * @param {import("./pad.js").Pad} pad
 */
export function createKeyboardPen(canvas, mark, pad) {
  const at = { x: steps / 2, y: steps / 2 };
  const place = () => ({ x: (at.x / steps) * canvas.width, y: (at.y / steps) * canvas.height });
  const show = () => {
    mark.style.left = `${(at.x / steps) * 100}%`;
    mark.style.top = `${(at.y / steps) * 100}%`;
    mark.classList.toggle("down", pad.isDown(keyboard));
  };
  canvas.addEventListener("keydown", (event) => {
    const arrow = arrows[event.key];
    if (arrow) {
      at.x = Math.min(steps - 1, Math.max(1, at.x + arrow[0]));
      at.y = Math.min(steps - 1, Math.max(1, at.y + arrow[1]));
      pad.go(keyboard, [place()]);
    } else if (event.key === " ") {
      if (pad.isDown(keyboard)) pad.lift(keyboard);
      else pad.begin(keyboard, place());
    } else return;
    // The page would scroll.
    event.preventDefault();
    show();
  });
  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", () => {
    pad.lift(keyboard);
    show();
  });
}

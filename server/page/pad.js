// @ts-check

/** Width of the stroke as a share of the pad's: a pen in MNIST is about that thick. */
const strokeShare = 0.075;

/**
 * Turns a canvas into a pad for mouse, pen and finger.
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onChange called after each stroke's piece and after clearing
 */
export function createPad(canvas, onChange) {
  const context = contextOf(canvas);
  /** Where each pointer that is down was last, in canvas pixels. @type {Map<number, {x: number, y: number}>} */
  const pointers = new Map();

  /** @param {PointerEvent} event */
  const place = (event) => {
    const area = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - area.left) / area.width) * canvas.width,
      y: ((event.clientY - area.top) / area.height) * canvas.height,
    };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const point = place(event);
    pointers.set(event.pointerId, point);
    stroke(context, point, point);
    onChange();
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    let from = last;
    // A quick hand makes several moves between two events.
    for (const move of event.getCoalescedEvents?.() ?? [event]) {
      const to = place(move);
      stroke(context, from, to);
      from = to;
    }
    const to = place(event);
    stroke(context, from, to);
    pointers.set(event.pointerId, to);
    onChange();
  });
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(type, (event) => pointers.delete(event.pointerId));
  }

  return {
    clear() {
      context.clearRect(0, 0, canvas.width, canvas.height);
      onChange();
    },
    /** How much ink each pixel has, from 0 to 255, row by row. */
    ink() {
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const ink = new Uint8Array(canvas.width * canvas.height);
      for (let pixel = 0; pixel < ink.length; pixel += 1) ink[pixel] = data[pixel * 4 + 3] ?? 0;
      return ink;
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 */
function stroke(context, from, to) {
  const { canvas } = context;
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--stroke");
  context.lineWidth = canvas.width * strokeShare;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}

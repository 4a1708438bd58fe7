// @ts-check

/** Width of the stroke as a share of the pad's: a pen in MNIST is about that thick. */
const strokeShare = 0.075;

/**
 * @typedef {{ x: number, y: number }} Point in canvas pixels
 * @typedef {ReturnType<typeof createPad>} Pad
 */

/**
 * Turns a canvas into a pad for mouse, pen and finger.
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onChange called after each stroke's piece, and after undoing and clearing
 */
export function createPad(canvas, onChange) {
  const context = contextOf(canvas);
  /** All that is drawn, the oldest first. @type {Point[][]} */
  const strokes = [];
  /** The stroke of each pointer that is down. @type {Map<number, Point[]>} */
  const open = new Map();

  const redraw = () => {
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (const points of strokes) {
      for (const [index, point] of points.entries()) line(context, points[index - 1], point);
    }
  };

  /** @param {number} count of strokes, the newest first */
  const takeAway = (count) => {
    strokes.splice(-count, count);
    open.clear();
    redraw();
    onChange();
  };

  const pad = {
    /** @param {number} pointer @param {Point} point */
    begin(pointer, point) {
      const stroke = [point];
      strokes.push(stroke);
      open.set(pointer, stroke);
      line(context, undefined, point);
      onChange();
    },
    /** @param {number} pointer @param {readonly Point[]} points */
    go(pointer, points) {
      const stroke = open.get(pointer);
      if (!stroke) return;
      for (const point of points) {
        line(context, stroke.at(-1), point);
        stroke.push(point);
      }
      onChange();
    },
    /** @param {number} pointer */
    lift: (pointer) => open.delete(pointer),
    /** @param {number} pointer */
    isDown: (pointer) => open.has(pointer),
    /** Takes the newest stroke away. */
    undo: () => takeAway(1),
    clear: () => takeAway(strokes.length),
    /** How much ink each pixel has, from 0 to 255, row by row. */
    ink() {
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const ink = new Uint8Array(canvas.width * canvas.height);
      for (let pixel = 0; pixel < ink.length; pixel += 1) ink[pixel] = data[pixel * 4 + 3] ?? 0;
      return ink;
    },
  };

  listen(canvas, pad);
  // The ink is light on a dark page.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  return pad;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<Pad, "begin" | "go" | "lift">} pad
 */
function listen(canvas, pad) {
  /** @param {PointerEvent} event @returns {Point} */
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
    pad.begin(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    // A quick hand makes several moves between two events.
    const moves = event.getCoalescedEvents?.() ?? [];
    pad.go(event.pointerId, [...moves, event].map(place));
  });
  for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
    canvas.addEventListener(type, (event) => pad.lift(event.pointerId));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point | undefined} from nothing where a stroke begins
 * @param {Point} to
 */
function line(context, from, to) {
  const { canvas } = context;
  context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--stroke");
  context.lineWidth = canvas.width * strokeShare;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(from?.x ?? to.x, from?.y ?? to.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}

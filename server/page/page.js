// @ts-check
import { byId, createBars, loadInfo, predict, showModel, showProbabilities } from "./answer.js";
import { latestOnly } from "./latest-only.js";
import { createPad } from "./pad.js";
import { imageSide, prepareDrawing } from "./prepare-drawing.js";

const canvas = /** @type {HTMLCanvasElement} */ (byId("canvas"));
const seen = /** @type {HTMLCanvasElement} */ (byId("seen"));

const model = await loadInfo();
if (model) start(model);

/** @param {import("./answer.js").ModelInfo} info */
function start(info) {
  const classes = info.outputs[0]?.shape[1] ?? 0;
  const labels =
    info.outputs[0]?.labels ?? Array.from({ length: classes }, (_, index) => String(index));
  const bars = createBars(labels);
  const showAnswer = (/** @type {readonly number[] | undefined} */ probabilities) =>
    showProbabilities(
      labels,
      bars,
      probabilities,
      probabilities ? "nothing drawn yet" : "the server does not answer; draw on to try again",
    );
  const ask = latestOnly(async (/** @type {number[]} */ image) => {
    const started = performance.now();
    const probabilities = await predict(info.name, image).catch(() => undefined);
    // The pad may have been cleared while the answer was on its way.
    if (!drawn) return;
    showAnswer(probabilities);
    if (probabilities) showModel(info, performance.now() - started);
  });
  let drawn = false;

  const read = oncePerFrame(() => {
    const image = prepareDrawing(pad.ink(), canvas.width, canvas.height);
    drawn = image !== undefined;
    showSeen(image);
    if (image) ask(image);
    else showAnswer([]);
  });
  const pad = createPad(canvas, read);
  byId("clear").addEventListener("click", () => pad.clear());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pad.clear();
  });
  showAnswer([]);
}

/**
 * A hand moves more often than the screen is drawn.
 * @param {() => void} task
 */
function oncePerFrame(task) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      task();
    });
  };
}

/** @param {readonly number[] | undefined} image */
function showSeen(image) {
  const context = seen.getContext("2d");
  if (!context) return;
  const pixels = context.createImageData(imageSide, imageSide);
  for (let index = 0; index < imageSide * imageSide; index += 1) {
    const value = image?.[index] ?? 0;
    pixels.data.set([value, value, value, 255], index * 4);
  }
  context.putImageData(pixels, 0, 0);
}

// @ts-check
import { createBars, loadInfo, predict, showModel, showProbabilities } from "./answer.js";
import { byId } from "./element.js";
import { createFeedback } from "./feedback.js";
import { createKeyboardPen } from "./keyboard-pen.js";
import { latestOnly } from "./latest-only.js";
import { createPad } from "./pad.js";
import { prepareDrawing } from "./prepare-drawing.js";
import { showSeen } from "./seen.js";
import { speak } from "./spoken.js";
import { createTokenField, TokenError } from "./token.js";

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
  const feedback = createFeedback(labels);
  /** @param {Partial<import("./answer.js").Prediction>} answer @param {string} otherwise */
  const show = ({ values, requestId }, otherwise) => {
    showProbabilities(labels, bars, values, otherwise);
    feedback.ask(requestId);
    speak(
      `${values ? `It reads ${byId("prediction").textContent}, ` : ""}${byId("sureness").textContent}`,
    );
  };
  const ask = latestOnly(async (/** @type {number[]} */ image) => {
    const started = performance.now();
    let problem = "the server does not answer; draw on to try again";
    const answer = await predict(info.name, image).catch((error) => {
      if (error instanceof TokenError) problem = error.message;
    });
    // The pad may have been cleared while the answer was on its way.
    if (!drawn) return;
    show(answer ?? {}, problem);
    if (answer) showModel(info, performance.now() - started);
  });
  let drawn = false;

  const read = oncePerFrame(() => {
    const image = prepareDrawing(pad.ink(), canvas.width, canvas.height);
    drawn = image !== undefined;
    showSeen(seen, image);
    if (image) ask(image);
    else show({}, "nothing drawn yet");
  });
  const pad = createPad(canvas, read);
  createKeyboardPen(canvas, byId("pen"), pad);
  createTokenField(read);
  byId("undo").addEventListener("click", () => pad.undo());
  byId("clear").addEventListener("click", () => pad.clear());
  document.addEventListener("keydown", (event) => {
    // What is typed into a field is not meant for the pad.
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "Escape") pad.clear();
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) pad.undo();
  });
  read();
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

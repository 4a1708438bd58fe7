// @ts-check
import { latestOnly } from "./latest-only.js";
import { createPad } from "./pad.js";
import { imageSide, prepareDrawing } from "./prepare-drawing.js";

/**
 * @typedef {{
 *   name: string, version: string, digest: string, metrics: Record<string, number>,
 *   inputs: { name: string, shape: number[] }[],
 *   outputs: { labels?: string[], shape: number[] }[],
 * }} ModelInfo
 */

const canvas = /** @type {HTMLCanvasElement} */ (byId("canvas"));
const seen = /** @type {HTMLCanvasElement} */ (byId("seen"));

/** @param {string} id */
function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

const model = await loadModel();
if (model) start(model);

/** @returns {Promise<ModelInfo | undefined>} */
async function loadModel() {
  const answer = await fetch("model/info").catch(() => undefined);
  if (!answer?.ok) {
    byId("model").textContent = "the model is not ready; reload the page in a moment";
    return undefined;
  }
  /** @type {ModelInfo} */
  const info = await answer.json();
  showModel(info, undefined);
  const [, ...sizes] = info.inputs[0]?.shape ?? [];
  if (sizes.join() === [imageSide, imageSide, 1].join()) return info;
  byId("hint").textContent =
    `The model ${info.name} does not read images of 28 by 28 pixels, so there is nothing to draw here; ask it at v1/models/${info.name}:predict.`;
  canvas.closest("main")?.remove();
  return undefined;
}

/** @param {ModelInfo} info */
function start(info) {
  const classes = info.outputs[0]?.shape[1] ?? 0;
  const labels =
    info.outputs[0]?.labels ?? Array.from({ length: classes }, (_, index) => String(index));
  const bars = createBars(labels);
  const ask = latestOnly(async (/** @type {number[]} */ image) => {
    const started = performance.now();
    const probabilities = await predict(info.name, image).catch(() => undefined);
    // The pad may have been cleared while the answer was on its way.
    if (!drawn) return;
    showAnswer(labels, bars, probabilities);
    if (probabilities) showModel(info, performance.now() - started);
  });
  let drawn = false;

  const read = oncePerFrame(() => {
    const image = prepareDrawing(pad.ink(), canvas.width, canvas.height);
    drawn = image !== undefined;
    showSeen(image);
    if (image) ask(image);
    else showAnswer(labels, bars, []);
  });
  const pad = createPad(canvas, read);
  byId("clear").addEventListener("click", () => pad.clear());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pad.clear();
  });
  showAnswer(labels, bars, []);
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

/**
 * @param {string} name
 * @param {number[]} image
 * @returns {Promise<number[]>}
 */
async function predict(name, image) {
  const answer = await fetch(`v1/models/${encodeURIComponent(name)}:predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instances: [image] }),
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()).predictions[0];
}

/** @param {readonly string[]} labels */
function createBars(labels) {
  return labels.map((label) => {
    const item = document.createElement("li");
    const [name, bar, share] = [
      document.createElement("span"),
      document.createElement("span"),
      document.createElement("span"),
    ];
    name.textContent = label;
    bar.className = "bar";
    bar.append(document.createElement("i"));
    item.append(name, bar, share);
    byId("probabilities").append(item);
    return { item, share };
  });
}

/**
 * @param {readonly string[]} labels
 * @param {readonly { item: HTMLElement, share: HTMLElement }[]} bars
 * @param {readonly number[] | undefined} probabilities none if nothing is drawn, nothing if the server did not answer
 */
function showAnswer(labels, bars, probabilities) {
  const best = probabilities?.length ? probabilities.indexOf(Math.max(...probabilities)) : -1;
  byId("prediction").textContent = labels[best] ?? "?";
  byId("prediction").classList.toggle("none", best < 0);
  byId("sureness").textContent = inWords(probabilities, best);
  for (const [index, { item, share }] of bars.entries()) {
    const probability = probabilities?.[index] ?? 0;
    item.classList.toggle("best", index === best);
    item.style.setProperty("--share", String(probability));
    share.textContent = `${(probability * 100).toFixed(1)} %`;
  }
}

/**
 * @param {readonly number[] | undefined} probabilities
 * @param {number} best
 */
function inWords(probabilities, best) {
  if (!probabilities) return "the server does not answer; draw on to try again";
  if (best < 0) return "nothing drawn yet";
  return `${((probabilities[best] ?? 0) * 100).toFixed(1)} % sure`;
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

/**
 * @param {ModelInfo} info
 * @param {number | undefined} milliseconds
 */
function showModel(info, milliseconds) {
  const accuracy = info.metrics["accuracy"];
  const parts = [
    `${info.name} version ${info.version}`,
    accuracy === undefined ? "" : `accuracy ${(accuracy * 100).toFixed(2)} %`,
    info.digest.slice(0, "sha256:".length + 12),
    milliseconds === undefined ? "" : `answered in ${milliseconds.toFixed(1)} ms`,
  ];
  byId("model").textContent = parts.filter((part) => part !== "").join(" · ");
}

// @ts-check
import { byId } from "./element.js";
import { post } from "./token.js";

/**
 * @typedef {{
 *   name: string, shape: number[], range?: { min: number, max: number },
 *   labels?: string[], features?: string[],
 * }} Tensor
 * @typedef {{
 *   name: string, version: string, digest: string, metrics: Record<string, number>,
 *   inputs: Tensor[], outputs: Tensor[],
 * }} ModelInfo
 */

/**
 * What serves; nothing, which the page says, if it is not ready.
 * @returns {Promise<ModelInfo | undefined>}
 */
export async function loadInfo() {
  const answer = await fetch("model/info").catch(() => undefined);
  if (!answer?.ok) {
    byId("model").textContent = "the model is not ready; reload the page in a moment";
    return undefined;
  }
  const info = await answer.json();
  showModel(info, undefined);
  return info;
}

/** @typedef {{ values: number[], requestId: string }} Prediction the values of the output in a row */

/**
 * Asks the model about one instance.
 * @param {string} name
 * @param {unknown} instance
 * @returns {Promise<Prediction>}
 * @throws {import("./token.js").TokenError} if the server wants another token
 * @throws what the server has against the instance
 */
export async function predict(name, instance) {
  const path = `v1/models/${encodeURIComponent(name)}:predict`;
  const answer = await post(path, { instances: [instance] });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error ?? `the server answered ${answer.status}`);
  return {
    values: [said.predictions[0]].flat(Infinity),
    requestId: answer.headers.get("x-request-id") ?? "",
  };
}

/** @typedef {{ item: HTMLElement, bar: HTMLElement, value: HTMLElement }} Bar */

/**
 * One bar for each class, or one line for each value.
 * @param {readonly string[]} names
 * @returns {Bar[]}
 */
export function createBars(names) {
  return names.map((name) => {
    const item = document.createElement("li");
    const [label, bar, value] = [
      document.createElement("span"),
      document.createElement("span"),
      document.createElement("span"),
    ];
    label.textContent = name;
    bar.className = "bar";
    bar.append(document.createElement("i"));
    item.append(label, bar, value);
    byId("probabilities").append(item);
    return { item, bar, value };
  });
}

/**
 * Shows the class that is most likely, and how likely every one is.
 * @param {readonly string[]} labels
 * @param {readonly Bar[]} bars
 * @param {readonly number[] | undefined} probabilities none of them if nothing was asked
 * @param {string} otherwise what to say if there are none
 */
export function showProbabilities(labels, bars, probabilities, otherwise) {
  const best = probabilities?.length ? probabilities.indexOf(Math.max(...probabilities)) : -1;
  byId("prediction").textContent = labels[best] ?? "?";
  byId("prediction").classList.toggle("none", best < 0);
  byId("sureness").textContent =
    best < 0 ? otherwise : `${((probabilities?.[best] ?? 0) * 100).toFixed(1)} % sure`;
  for (const [index, { item, bar, value }] of bars.entries()) {
    const probability = probabilities?.[index] ?? 0;
    item.classList.toggle("best", index === best);
    item.style.setProperty("--share", String(probability));
    value.textContent = `${(probability * 100).toFixed(1)} %`;
    measure(bar, labels[index] ?? "", probability);
  }
}

/**
 * Tells screen readers what the bar shows.
 * @param {HTMLElement} bar
 * @param {string} label
 * @param {number} probability
 */
function measure(bar, label, probability) {
  const percent = (probability * 100).toFixed(1);
  bar.role = "meter";
  Object.assign(bar, {
    ariaLabel: label,
    ariaValueMin: "0",
    ariaValueMax: "100",
    ariaValueNow: percent,
    ariaValueText: `${percent} %`,
  });
}

/**
 * @param {ModelInfo} info
 * @param {number | undefined} milliseconds
 */
export function showModel({ name, version, metrics, digest }, milliseconds) {
  const { accuracy, r2 } = metrics;
  const parts = [
    `${name} version ${version}`,
    accuracy === undefined ? "" : `accuracy ${(accuracy * 100).toFixed(2)} %`,
    r2 === undefined ? "" : `R² ${r2.toFixed(4)}`,
    digest.slice(0, "sha256:".length + 12),
    milliseconds === undefined ? "" : `answered in ${milliseconds.toFixed(1)} ms`,
  ];
  byId("model").textContent = parts.filter((part) => part !== "").join(" · ");
}

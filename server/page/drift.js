// @ts-check
import { bars } from "./bars.js";
import { element } from "./element.js";

/**
 * @typedef {{
 *   name: string, psi: number | null, ks: number | null, min: number, max: number,
 *   before: number[], now: number[],
 * }} Drift
 * @typedef {{
 *   model: string, version: string, serves: boolean, has_baseline: boolean, instances: number,
 *   inputs: Drift[], predictions: Drift | null, labels: string[],
 *   feedback: { count: number, accuracy: number | null },
 * }} ModelDrift
 * @typedef {{ least_instances: number, models: ModelDrift[] }} Report
 */

/** How often the figures are read again, in milliseconds. */
const interval = 5000;

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const models = /** @type {HTMLElement} */ (document.getElementById("models"));
const state = /** @type {HTMLElement} */ (document.getElementById("state"));

await refresh();
setInterval(() => {
  // Whoever reads a table of numbers, or is there with the keyboard, keeps it as it is.
  const isRead =
    models.querySelector("details[open]") !== null || models.contains(document.activeElement);
  if (!document.hidden && !isRead) void refresh();
}, interval);

async function refresh() {
  const answer = await fetch("drift.json").catch(() => undefined);
  if (!answer?.ok) {
    state.textContent = "the server does not answer; this page goes on trying";
    return;
  }
  /** @type {Report} */
  const report = await answer.json();
  models.replaceChildren(...report.models.map((model) => ofModel(model, report.least_instances)));
  models.setAttribute("aria-busy", "false");
  state.textContent =
    report.models.length === 0
      ? "the model is being loaded"
      : `as of ${new Date().toLocaleTimeString("en")}`;
}

/**
 * @param {ModelDrift} model
 * @param {number} least
 */
function ofModel({ model, version, serves, has_baseline, instances, feedback, ...drift }, least) {
  const title = `${model}, version ${version}${serves ? "" : " (does not serve)"}`;
  const [whole, ...values] = drift.inputs;
  const told =
    feedback.accuracy === null
      ? "No truth was told yet."
      : `${percent.format(feedback.accuracy)} of ${feedback.count} whose truth was told were right.`;
  const missing = least - instances;
  const counted = !has_baseline
    ? "The package does not say what its training data looked like: there is nothing to compare."
    : missing > 0
      ? `${instances} instances so far; ${missing} more until something can be said.`
      : `The last ${instances} instances.`;
  const furthest = values.toSorted((a, b) => (b.psi ?? 0) - (a.psi ?? 0));
  return element(
    "section",
    { ariaLabel: title },
    element("h2", {}, title),
    element("p", {}, `${counted} ${told}`),
    element(
      "div",
      { className: "cards" },
      ...(drift.predictions ? [card("Answers", drift.predictions, drift.labels)] : []),
      ...(whole ? [card(`All values of ${whole.name}`, whole, [])] : []),
      ...furthest.map((value) => card(value.name, value, [])),
    ),
  );
}

/**
 * @param {string} title
 * @param {Drift} drift
 * @param {string[]} labels names of the bins, where they have some
 */
function card(title, drift, labels) {
  const { psi, ks } = drift;
  const isOfClasses = labels.length > 0;
  // Nothing is below the first class or above the last.
  const before = isOfClasses ? drift.before.slice(1, -1) : drift.before;
  const now = isOfClasses ? drift.now.slice(1, -1) : drift.now;
  const names = isOfClasses ? labels : namesOf(drift);
  const [verdict, isFar] = verdictOf(psi);
  const figures = psi === null || ks === null ? "" : ` PSI ${psi.toFixed(3)}, KS ${ks.toFixed(3)}`;
  const rows = names.map((name, at) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", {}, percent.format(before[at] ?? 0)),
      element("td", {}, percent.format(now[at] ?? 0)),
    ),
  );
  const heads = [isOfClasses ? "class" : "values", "in training", "now"].map((text) =>
    element("th", { scope: "col" }, text),
  );
  return element(
    "article",
    { className: isFar ? "far" : "" },
    element("h3", {}, title),
    element("p", {}, element("b", {}, verdict), figures),
    bars({ before, now, label: `${title}: ${verdict}${figures}`, names }),
    element(
      "details",
      {},
      element("summary", {}, "Numbers"),
      element(
        "table",
        {},
        element("thead", {}, element("tr", {}, ...heads)),
        element("tbody", {}, ...rows),
      ),
    ),
  );
}

/**
 * @param {number | null} psi
 * @returns {[verdict: string, isFar: boolean]}
 */
function verdictOf(psi) {
  if (psi === null) return ["Too few to say.", false];
  if (psi < 0.1) return ["Like the training data.", false];
  return psi <= 0.25 ? ["Somewhat different.", false] : ["Very different.", true];
}

/**
 * What each bin has, below and above all others first and last.
 * @param {Drift} drift
 */
function namesOf({ min, max, before }) {
  const bins = before.length - 2;
  const edge = (/** @type {number} */ bin) =>
    Number((min + ((max - min) * bin) / bins).toPrecision(4));
  const inside = Array.from({ length: bins }, (_, at) => `${edge(at)} to ${edge(at + 1)}`);
  return [`below ${min}`, ...inside, `above ${max}`];
}

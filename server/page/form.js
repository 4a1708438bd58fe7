// @ts-check
import { createBars, loadInfo, predict, showModel, showProbabilities } from "./answer.js";
import { byId } from "./element.js";
import { latestOnly } from "./latest-only.js";
import { speak } from "./spoken.js";
import { createTokenField } from "./token.js";

/**
 * @typedef {import("./answer.js").Tensor} Tensor
 * @typedef {{ example: { inputs: Record<string, number[]> } }} Signature
 */

/** More values than this are typed as one text. */
const mostFields = 40;

const model = await loadInfo();
if (model) await start(model);

/** @param {import("./answer.js").ModelInfo} info */
async function start(info) {
  const [input, output] = [info.inputs[0], info.outputs[0]];
  if (!input || !output) return;
  /** @type {Signature} */
  const { example } = await (await fetch("model/signature")).json();
  document.title = `Ask ${info.name}`;
  const show = output.labels ? classAnswer(output.labels) : valuesAnswer(output);
  const ask = latestOnly(async (/** @type {() => unknown} */ read) => {
    const started = performance.now();
    try {
      show((await predict(info.name, read())).values);
      showModel(info, performance.now() - started);
      speak("");
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      show(undefined, problem);
      speak(problem);
    }
  });
  const values = example.inputs[input.name] ?? [];
  const read = values.length > mostFields ? textField(values) : numberFields(input, values);
  byId("fields").addEventListener("input", () => ask(read));
  createTokenField(() => ask(read));
  ask(read);
}

/**
 * A field for each value.
 * @param {Tensor} input
 * @param {readonly number[]} values to begin with
 * @returns {() => unknown} reads them
 */
function numberFields({ features, range }, values) {
  const fields = values.map((value, index) => {
    const label = document.createElement("label");
    const field = document.createElement("input");
    field.type = "number";
    field.step = "any";
    // Float32 values have more digits than whoever measured them.
    field.value = String(Number(value.toPrecision(6)));
    if (range) Object.assign(field, { min: range.min, max: range.max });
    label.append(features?.[index] ?? `value ${index + 1}`, field);
    byId("fields").append(label);
    return field;
  });
  return () => fields.map(({ valueAsNumber }) => valueAsNumber);
}

/**
 * All values as JSON.
 * @param {readonly number[]} values to begin with
 * @returns {() => unknown} reads them
 */
function textField(values) {
  const field = document.createElement("textarea");
  field.rows = 16;
  field.setAttribute("aria-label", "values as JSON");
  field.value = JSON.stringify(values);
  byId("fields").append(field);
  return () => JSON.parse(field.value);
}

/** @param {readonly string[]} labels */
function classAnswer(labels) {
  const bars = createBars(labels);
  return (/** @type {number[] | undefined} */ probabilities, problem = "not asked yet") =>
    showProbabilities(labels, bars, probabilities, problem);
}

/** @param {Tensor} output of a model that estimates values */
function valuesAnswer({ shape, features }) {
  const length = shape.slice(1).reduce((product, size) => product * size, 1);
  const names =
    features ?? Array.from({ length }, (_, index) => (length > 1 ? `value ${index + 1}` : "value"));
  const lines = createBars(names);
  for (const { item } of lines) item.classList.add("estimate");
  return (/** @type {number[] | undefined} */ values, problem = "not asked yet") => {
    const texts = names.map((_, index) => values?.[index]?.toPrecision(5) ?? "");
    byId("prediction").textContent = texts[0] || "?";
    byId("prediction").classList.toggle("none", !values);
    byId("sureness").textContent = values ? (names[0] ?? "") : problem;
    for (const [index, { value }] of lines.entries()) value.textContent = texts[index] ?? "";
  };
}

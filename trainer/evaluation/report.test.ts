import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { evaluatorOf } from "./evaluator.ts";
import { evaluationReport } from "./report.ts";

const { labels = [] } = model.output;
const history = {
  bestEpoch: 2,
  epochs: [1, 2].map((epoch) => ({
    epoch,
    loss: 1 / epoch,
    accuracy: 0.8 + 0.05 * epoch,
    validationLoss: 1.2 / epoch,
    validationAccuracy: 0.79 + 0.05 * epoch,
    learningRate: 0.001,
  })),
};

/** Four digits; the last one, a 3, is read as 5. */
const test = {
  count: 4,
  inputs: Uint8Array.from({ length: 4 * 784 }, (_, index) => index % 256),
  labels: Int32Array.of(0, 1, 2, 3),
};
const answers = new Float32Array(40);
for (const [row, answer] of [0, 1, 2, 5].entries()) answers[10 * row + answer] = 1;

function classifierReport(names: readonly string[]) {
  const evaluator = evaluatorOf({ ...model, output: { ...model.output, labels: [...names] } });
  return evaluationReport(evaluator, history, { answers }, test);
}

describe("the report on a classifier", () => {
  it("has each subject as JSON and as a picture", async () => {
    const files = await classifierReport(labels);
    const subjects = ["learning-curves", "confusion-matrix", "per-class", "roc", "calibration"];
    const drawn = [...subjects, "worst-mistakes"].flatMap((subject) => [
      `evaluation/${subject}.json`,
      `evaluation/${subject}.svg`,
    ]);
    expect(Object.keys(files).toSorted()).toEqual(
      [...drawn, "evaluation/averages.json"].toSorted(),
    );
    const json = (subject: string): unknown =>
      JSON.parse(String(files[`evaluation/${subject}.json`]));
    expect(json("confusion-matrix")).toMatchObject({ labels, counts: { 3: { 5: 1 } } });
    expect(json("learning-curves")).toEqual(history);
    expect(json("per-class")).toMatchObject([
      { label: "0", recall: 1, rocAuc: 1 },
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
      {},
    ]);
    expect(json("averages")).toMatchObject({ micro: { f1: 0.75 }, weighted: { recall: 0.75 } });
    expect(json("calibration")).toMatchObject({ expectedError: 0.25, bins: { 14: { count: 4 } } });
    expect(json("worst-mistakes")).toEqual([
      { index: 3, truth: "3", answer: "5", probability: 1, truthProbability: 0 },
    ]);
  });

  it("shows the numbers and the misread digit in its pictures", async () => {
    const files = await classifierReport(labels);
    const svg = (subject: string) => String(files[`evaluation/${subject}.svg`]);
    expect(svg("worst-mistakes")).toContain(">3 read as 5<");
    expect(svg("worst-mistakes").match(/href="data:image\/png;base64,/g)).toHaveLength(1);
    expect(svg("learning-curves")).toContain("best epoch 2 of 2");
    expect(svg("confusion-matrix").match(/aria-roledescription="rect mark"/g)).toHaveLength(100);
    expect(svg("per-class")).toContain(">1.0000<");
    expect(svg("roc")).toContain(">1, area 1.0000<");
    expect(svg("calibration")).toContain("expected error 0.2500");
  });

  it("is the same again, byte for byte", async () => {
    expect(await classifierReport(labels)).toEqual(await classifierReport(labels));
  });

  it("writes well-formed pictures whatever the classes are called", async () => {
    const names = labels.map((label) => (label === "3" ? '<&"tri">' : label));
    const pictures = Object.entries(await classifierReport(names)).filter(([path]) =>
      path.endsWith(".svg"),
    );
    const broken = pictures.filter(([, content]) => !isWellFormed(String(content)));
    expect(broken).toEqual([]);
    expect(isWellFormed("<a><b></a></b>")).toBe(false);
    expect(isWellFormed("<a>1 < 2</a>")).toBe(false);
  });
});

describe("the report on a regressor", () => {
  it("has residuals, each output, slices and the worst errors with their rows", async () => {
    const evaluator = evaluatorOf({
      input: { name: "row", datatype: "FP32", shape: [-1, 2] },
      output: { name: "price", datatype: "FP32", shape: [-1, 1] },
    });
    const examples = {
      count: 3,
      inputs: Float32Array.of(1, 2, 3, 4, 5, 6),
      labels: Float32Array.of(10, 20, 30),
      slices: { site: ["a", "b", "a"] },
      originOf: (index: number) => `rows.csv, line ${index + 2}`,
    };
    const given = { answers: Float32Array.of(11, 20, 34) };
    const files = await evaluationReport(evaluator, undefined, given, examples);
    expect(Object.keys(files)).toEqual([
      "evaluation/residuals.json",
      "evaluation/residuals.svg",
      "evaluation/per-output.json",
      "evaluation/worst-errors.json",
      "evaluation/worst-errors.svg",
      "evaluation/slices.json",
    ]);
    const json = (subject: string): unknown =>
      JSON.parse(String(files[`evaluation/${subject}.json`]));
    expect(json("worst-errors")).toMatchObject([
      { index: 2, origin: "rows.csv, line 4", truth: [30], answer: [34], error: 4 },
      { index: 0, error: 1 },
      { index: 1, error: 0 },
    ]);
    expect(json("slices")).toMatchObject([
      { slice: "site", value: "a", count: 2, metrics: { mae: 2.5 } },
      { slice: "site", value: "b", count: 1, metrics: { mae: 0 } },
    ]);
    expect(json("per-output")).toMatchObject([{ maxError: 4, r2: 1 - 17 / 200 }]);
    expect(String(files["evaluation/worst-errors.svg"])).toContain(">rows.csv, line 4<");
  });
});

/** Whether every element is closed in its turn, and nothing else looks like markup. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  const text = svg.replaceAll(
    /<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/g,
    (tag, closing: string, name: string, _attributes, single: string) => {
      if (closing && open.pop() !== name) return tag;
      if (!closing && !single) open.push(name);
      return "";
    },
  );
  return open.length === 0 && !/[<>&]/.test(text.replaceAll(/&(?:amp|lt|gt|quot);/g, ""));
}

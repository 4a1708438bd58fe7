import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { measure } from "./measures.ts";
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
const probabilities = new Float32Array(40);
for (const [row, answer] of [0, 1, 2, 5].entries()) probabilities[10 * row + answer] = 1;

function report(names: readonly string[]) {
  const evaluation = {
    ...measure(probabilities, test.labels, names),
    probabilities,
    latencyP95Ms: 1,
  };
  const definition = { ...model, output: { ...model.output, labels: [...names] } };
  return evaluationReport(definition, history, evaluation, test);
}

it("has each subject as JSON and as a picture", () => {
  const files = report(labels);
  const subjects = ["confusion-matrix", "learning-curves", "per-class", "worst-mistakes"];
  expect(Object.keys(files)).toEqual(
    subjects.flatMap((subject) => [`evaluation/${subject}.json`, `evaluation/${subject}.svg`]),
  );
  const json = (subject: string): unknown =>
    JSON.parse(String(files[`evaluation/${subject}.json`]));
  expect(json("confusion-matrix")).toMatchObject({ labels, counts: { 3: { 5: 1 } } });
  expect(json("learning-curves")).toEqual(history);
  expect(json("worst-mistakes")).toEqual([
    { index: 3, truth: "3", answer: "5", probability: 1, truthProbability: 0 },
  ]);
});

it("shows the numbers and the misread digit in its pictures", () => {
  const files = report(labels);
  const svg = (subject: string) => String(files[`evaluation/${subject}.svg`]);
  expect(svg("worst-mistakes")).toContain(">3 read as 5<");
  expect(svg("worst-mistakes").match(/href="data:image\/png;base64,/g)).toHaveLength(1);
  expect(svg("learning-curves")).toContain("best epoch 2 of 2");
  expect(svg("confusion-matrix").match(/<rect/g)).toHaveLength(101);
  expect(svg("per-class")).toContain(">1.0000<");
});

it("writes well-formed pictures whatever the classes are called", () => {
  const names = labels.map((label) => (label === "3" ? '<&"tri">' : label));
  const pictures = Object.entries(report(names)).filter(([path]) => path.endsWith(".svg"));
  const broken = pictures.filter(([, content]) => !isWellFormed(String(content)));
  expect(broken).toEqual([]);
  expect(isWellFormed("<a><b></a></b>")).toBe(false);
  expect(isWellFormed("<a>1 < 2</a>")).toBe(false);
});

/** Whether every element is closed in its turn, and nothing else looks like markup. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  const text = svg.replaceAll(
    /<(\/?)([a-z]+)((?: [a-zA-Z0-9:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/g,
    (tag, closing: string, name: string, _attributes, single: string) => {
      if (closing && open.pop() !== name) return tag;
      if (!closing && !single) open.push(name);
      return "";
    },
  );
  return open.length === 0 && !/[<>&]/.test(text.replaceAll(/&(?:amp|lt|gt|quot);/g, ""));
}

import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { validateDataset } from "./validate.ts";

const definition = {
  ...model,
  input: { ...model.input, shape: [-1, 2], range: { min: 0, max: 10 } },
  output: { ...model.output, labels: ["no", "yes"] },
};

const examples = (labels: number[], inputs?: number[]) => ({
  count: labels.length,
  labels: Int32Array.from(labels),
  inputs: Float32Array.from(inputs ?? labels.flatMap(() => [0, 10])),
});

const sound = examples([0, 0, 0, 1, 1, 1]);

const wrong = (value: number) => () =>
  validateDataset(
    { train: sound, test: examples([0, 1], [0, 0, 0, value]) },
    definition,
    "file:///d",
  );

describe("validateDataset", () => {
  it("accepts examples of every class within the range", () => {
    expect(() =>
      validateDataset({ train: sound, test: examples([0, 1]) }, definition, "d"),
    ).not.toThrow();
  });

  it("refuses a value out of range or not finite, and says where", () => {
    expect(wrong(11)).toThrow(
      "file:///d, test examples: value 1 of example 1 is 11; expected a number from 0 to 10",
    );
    expect(wrong(Number.NaN)).toThrow("value 1 of example 1 is NaN; expected");
  });

  it("refuses bytes out of range too", () => {
    const train = { ...sound, inputs: Uint8Array.from(sound.inputs).fill(11, 4, 5) };
    expect(() => validateDataset({ train }, definition, "d")).toThrow(
      "d, training examples: value 0 of example 2 is 11; expected a number from 0 to 10",
    );
  });

  it("refuses a number of values that does not fit the examples", () => {
    const train = { ...sound, inputs: new Float32Array(11) };
    expect(() => validateDataset({ train }, definition, "d")).toThrow(
      "d, training examples: 11 values for 6 examples; expected 2 for each",
    );
  });

  it("refuses a class with too few examples to learn and to judge", () => {
    expect(() => validateDataset({ train: examples([0, 0, 0, 1, 1]) }, definition, "d")).toThrow(
      'd, training examples: class "yes" has 2 examples; expected at least 3',
    );
    expect(() => validateDataset({ train: sound, test: examples([1]) }, definition, "d")).toThrow(
      'd, test examples: class "no" has 0 examples; expected at least 1',
    );
  });
});

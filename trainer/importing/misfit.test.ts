import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { model } from "@updraft/models/iris";
import { describe, expect, it } from "vitest";
import { deserialize } from "../packaging/serialize.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { answerMisfit, declaredMisfit, valuesMisfit } from "./misfit.ts";

await loadTensorflow();

const takes = { shape: [null, 4], dtype: "float32" };
const gives = { shape: [null, 3], dtype: "float32" };

describe("declaredMisfit", () => {
  it("has nothing against a network that takes and gives what the model does", () => {
    expect(declaredMisfit({ inputs: [takes], outputs: [gives] }, model)).toBeUndefined();
    const asGraph = { inputs: [{ ...takes, shape: [-1, 4] }], outputs: [{}] };
    expect(declaredMisfit(asGraph, model)).toBeUndefined();
  });

  it.each([
    [[takes, takes], [gives], "it has 2 inputs and 1 outputs; expected one of each"],
    [
      [{ ...takes, shape: [null, 5] }],
      [gives],
      "it takes float32 [-1, 5], and iris takes measurements float32 [-1, 4]; export it with this input, its preparation inside",
    ],
    [
      [{ ...takes, shape: [null, null] }],
      [gives],
      "it takes float32 [-1, -1], and iris takes measurements float32 [-1, 4]; export it with this input, its preparation inside",
    ],
    [
      [{ ...takes, dtype: "int32" }],
      [gives],
      "it takes int32 [-1, 4], and iris takes measurements float32 [-1, 4]; export it with this input, its preparation inside",
    ],
    [
      [{}],
      [gives],
      "it takes float32 of a shape that it does not say, and iris takes measurements float32 [-1, 4]; export it with this input, its preparation inside",
    ],
    [
      [takes],
      [{ ...gives, shape: [null, 10] }],
      "it gives float32 [-1, 10], and iris gives probabilities float32 [-1, 3]; export it with this output",
    ],
  ])("refuses another one with what was expected (%#)", (inputs, outputs, problem) => {
    expect(declaredMisfit({ inputs, outputs }, model)).toBe(problem);
  });
});

describe("valuesMisfit", () => {
  it("takes probabilities of a classifier, and any numbers of a regressor", () => {
    expect(valuesMisfit(Float32Array.of(0.25, 0.75, 0, 0, 1, 0), 2, model.output)).toBeUndefined();
    expect(valuesMisfit(Float32Array.of(-7, 300), 2, { shape: [-1, 1] })).toBeUndefined();
  });

  it.each([
    [[2, -1, 0], "it gives [2, -1, 0] for an example, which are no probabilities"],
    [[1.5, 2.25, 0.1], "it gives [1.5, 2.25, 0.1] for an example, which are no probabilities"],
    [[0.5, 0.5], "it gives 2 values for an example; expected 3"],
    [[0.5, 0.5, Number.NaN], "it gives values that are no finite numbers"],
  ])("refuses %j", (answers, problem) => {
    expect(valuesMisfit(Float32Array.from(answers), 1, model.output)).toContain(problem);
  });
});

describe("answerMisfit", () => {
  const test = { count: 2, inputs: new Float32Array(8).fill(1), labels: Int32Array.of(0, 1) };
  const kernel = Array.from({ length: 4 }, (_, row) => [row, 1, 2]);

  it("lets a network answer some examples", async () => {
    const softmax = await deserialize(graphNetwork(kernel, { softmax: true }));
    expect(await answerMisfit(softmax, model, test)).toBeUndefined();
    const logits = await deserialize(graphNetwork(kernel));
    expect(await answerMisfit(logits, model, test)).toBe(
      "it gives [6, 4, 8] for an example, which are no probabilities; end it with a softmax",
    );
  });

  it("says when it cannot", async () => {
    const { model: json, weights } = graphNetwork(kernel);
    const unknown = await deserialize({ model: json.replace('"MatMul"', '"Swirl"'), weights });
    expect(await answerMisfit(unknown, model, test)).toMatch(/^it does not answer: .*Swirl/);
  });
});

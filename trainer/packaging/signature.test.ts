import { Signature } from "@updraft/contracts/signature";
import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { signatureOf } from "./signature.ts";

const definition = {
  ...model,
  input: { ...model.input, shape: [-1, 2] },
  output: { ...model.output, shape: [-1, 2], labels: ["no", "yes"] },
};
const test = { count: 2, inputs: Uint8Array.of(1, 2, 3, 4), labels: Int32Array.of(1, 0) };

it("has the first test example that was answered rightly", () => {
  const signature = signatureOf(definition, test, Float32Array.of(0.75, 0.25, 0.5, 0.5));
  expect(Signature.parse(signature)).toEqual({
    inputs: [definition.input],
    outputs: [definition.output],
    example: { inputs: { image: [3, 4] }, outputs: { probabilities: [0.5, 0.5] } },
  });
});

it("has the first one of all if none was", () => {
  const { example } = signatureOf(definition, test, Float32Array.of(0.75, 0.25, 0.25, 0.75));
  expect(example).toEqual({ inputs: { image: [1, 2] }, outputs: { probabilities: [0.75, 0.25] } });
});

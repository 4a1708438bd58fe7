import { instanceLength, type Signature } from "@updraft/contracts/signature";
import { classified, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { answersOf } from "../evaluation/classification/measures.ts";

/**
 * The signature of a model. Its example is the first test example that a classifier has answered
 * rightly, with the network's answer; of others, and if none was, the first of all.
 * @param answers the network's for the test split, `[n, outputs]`
 */
export function signatureOf(
  { input, output }: Pick<ModelDefinition, "input" | "output">,
  test: Examples,
  answers: Float32Array,
): Signature {
  const outputs = instanceLength(output);
  const index = output.labels ? firstRight(answers, classified(test).labels, outputs) : 0;
  const width = test.inputs.length / test.count;
  const values = (all: ArrayLike<number>, length: number) =>
    Array.from({ length }, (_, offset) => all[index * length + offset] ?? 0);
  return {
    inputs: [input],
    outputs: [output],
    example: {
      inputs: { [input.name]: values(test.inputs, width) },
      outputs: { [output.name]: values(answers, outputs) },
    },
  };
}

function firstRight(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const answers = answersOf(probabilities, classes);
  return Math.max(
    0,
    answers.findIndex((answer, index) => answer === labels[index]),
  );
}

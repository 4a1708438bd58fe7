import type { LoadedPackage } from "@updraft/contracts/model-package";
import { deserialize } from "../packaging/serialize.ts";
import { predict } from "../training/predict.ts";

/** By how much an answer may differ from the one that was packed: machines differ in last digits. */
const tolerance = 1e-4;

/**
 * Lets a package answer the example that is packed with it.
 * @returns what is wrong with its answer, if something is
 */
export async function exampleProblem(content: LoadedPackage): Promise<string | undefined> {
  const { inputs, outputs, example } = content.signature;
  const instance = example.inputs[inputs[0]?.name ?? ""] ?? [];
  const expected = example.outputs[outputs[0]?.name ?? ""] ?? [];
  const network = await deserialize(content);
  try {
    const answer = await predict(network, { count: 1, inputs: Float32Array.from(instance) });
    const isAnswered =
      answer.length === expected.length &&
      expected.every((value, index) => Math.abs(value - (answer[index] ?? NaN)) <= tolerance);
    if (isAnswered) return undefined;
    return `it does not answer its own example: expected [${expected.join(", ")}], got [${answer.join(", ")}]`;
  } finally {
    network.dispose();
  }
}

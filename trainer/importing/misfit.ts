import type { TensorSpec } from "@updraft/contracts/signature";
import { instanceLength } from "@updraft/contracts/signature";
import { messageOf } from "@updraft/contracts/message-of";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { PackagedNetwork } from "../packaging/serialize.ts";
import { predict } from "../training/predict.ts";

/** How a network says what one of its inputs or outputs looks like. */
interface DeclaredTensor {
  /** Sizes with the batch in front; null or -1 where a size is left open. */
  readonly shape?: readonly (number | null)[] | undefined;
  readonly dtype?: string | undefined;
}

/** What a network declares. */
export interface Declaration {
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
}

/** By how much probabilities may miss a sum of 1. */
const tolerance = 1e-3;

/** How many examples an imported network has to answer before it is tested. */
const tried = 32;

/** Why a network cannot be this model, by what it declares. */
export function declaredMisfit(
  { inputs, outputs }: Declaration,
  { name, input, output }: Pick<ModelDefinition, "name" | "input" | "output">,
): string | undefined {
  if (inputs.length !== 1 || outputs.length !== 1) {
    return `it has ${inputs.length} inputs and ${outputs.length} outputs; expected one of each`;
  }
  const [takes, gives] = [inputs[0] ?? {}, outputs[0] ?? {}];
  if (!fits(takes, input) || takes.shape === undefined) {
    return `it takes ${described(takes)}, and ${name} takes ${input.name} float32 [${input.shape.join(", ")}]; export it with this input, its preparation inside`;
  }
  if (gives.shape !== undefined && !fits(gives, output)) {
    return `it gives ${described(gives)}, and ${name} gives ${output.name} float32 [${output.shape.join(", ")}]; export it with this output`;
  }
  return undefined;
}

/** Why a network cannot be this model, by its answers for some examples. */
export async function answerMisfit(
  network: PackagedNetwork,
  { output }: Pick<ModelDefinition, "output">,
  test: Examples,
): Promise<string | undefined> {
  const count = Math.min(tried, test.count);
  const inputs = test.inputs.subarray(0, (test.inputs.length / test.count) * count);
  let answers: Float32Array;
  try {
    answers = await predict(network, { count, inputs });
  } catch (error) {
    return `it does not answer: ${messageOf(error)}`;
  }
  return valuesMisfit(answers, count, output);
}

/** Why some answers, one after another, are none of this output. */
export function valuesMisfit(
  answers: Float32Array,
  count: number,
  output: Pick<TensorSpec, "shape" | "labels">,
): string | undefined {
  const width = instanceLength(output);
  if (answers.length !== count * width) {
    return `it gives ${answers.length / count} values for an example; expected ${width}`;
  }
  if (!answers.every(Number.isFinite)) return "it gives values that are no finite numbers";
  if (!output.labels) return undefined;
  for (let index = 0; index < count; index += 1) {
    const row = answers.subarray(index * width, (index + 1) * width);
    const sum = row.reduce((total, value) => total + value, 0);
    const isSound = row.every((value) => value >= -tolerance) && Math.abs(sum - 1) <= tolerance;
    if (isSound) continue;
    return `it gives [${[...row].map((value) => Number(value.toPrecision(4))).join(", ")}] for an example, which are no probabilities; end it with a softmax`;
  }
  return undefined;
}

function fits({ shape, dtype }: DeclaredTensor, spec: TensorSpec): boolean {
  const [, ...sizes] = shape ?? [];
  return (dtype ?? "float32") === "float32" && sizes.join() === spec.shape.slice(1).join();
}

function described({ shape, dtype }: DeclaredTensor): string {
  const sizes = shape?.map((size) => (size === null ? -1 : size)).join(", ");
  return `${dtype ?? "float32"} ${sizes === undefined ? "of a shape that it does not say" : `[${sizes}]`}`;
}

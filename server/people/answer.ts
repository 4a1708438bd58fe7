import { instanceLength, type TensorSpec } from "@updraft/contracts/signature";
import { z } from "zod";

/** Nested lists of numbers. */
type Nested = number | Nested[];

const common = {
  model: z.string(),
  model_version: z.string(),
  latency_ms: z.number().min(0).meta({
    description: "From the end of the request's body until the answer is known.",
  }),
};

/** What a classifier answers to people. */
export const ClassAnswer = z.strictObject({
  prediction: z.int().min(0).meta({ description: "Index of the class that is most likely." }),
  label: z.string().meta({ description: "Name of this class." }),
  probabilities: z
    .record(z.string(), z.number())
    .meta({ description: "What the model says of each class, by its name." }),
  ...common,
});
export type ClassAnswer = z.infer<typeof ClassAnswer>;

/** What a model that estimates values answers to people. */
export const ValueAnswer = z.strictObject({
  prediction: z.union([z.number(), z.array(z.unknown())]).meta({
    description: "The value, or all of them in the output's shape.",
  }),
  ...common,
});
export type ValueAnswer = z.infer<typeof ValueAnswer>;

/**
 * Puts an answer into words: the class and its probability where the output's values are classes.
 * @param values the output for one instance, flattened row-major
 */
export function answerOf(
  values: Float32Array,
  output: TensorSpec,
): Pick<ClassAnswer, "prediction" | "label" | "probabilities"> | { prediction: Nested } {
  const sizes = output.shape.slice(1);
  if (!output.labels || sizes.length !== 1) {
    const [first = 0, ...more] = values;
    return { prediction: more.length === 0 ? first : nested([first, ...more], sizes) };
  }
  const best = values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
  return {
    prediction: best,
    label: output.labels[best] ?? "",
    probabilities: Object.fromEntries(
      output.labels.map((label, index) => [label, values[index] ?? 0]),
    ),
  };
}

/** Values in a shape. */
function nested(values: readonly number[], sizes: readonly number[]): Nested[] {
  const [, ...inner] = sizes;
  if (inner.length === 0) return [...values];
  const length = instanceLength({ shape: sizes });
  return Array.from({ length: values.length / length }, (_, index) =>
    nested(values.slice(index * length, (index + 1) * length), inner),
  );
}

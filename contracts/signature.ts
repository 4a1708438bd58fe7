import { z } from "zod";

/**
 * Datatypes a tensor may have, by their names in the Open Inference Protocol.
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */
export const Datatype = z.enum(["FP32", "INT32", "BOOL", "BYTES"]);
export type Datatype = z.infer<typeof Datatype>;

/** What one input or output of a model looks like. */
export const TensorSpec = z
  .strictObject({
    name: z.string().min(1),
    datatype: Datatype,
    /** Sizes of all dimensions, row-major; the first is -1, the batch. */
    shape: z
      .array(z.int())
      .min(1)
      .refine(([batch, ...rest]) => batch === -1 && rest.every((size) => size > 0), {
        error: "expected -1 (the batch) and then positive sizes, such as [-1, 28, 28, 1]",
      }),
    /** The values that make sense, both ends included; outside them a request is refused. */
    range: z
      .strictObject({ min: z.number(), max: z.number() })
      .refine(({ min, max }) => min < max, { error: "expected min below max" })
      .optional(),
    /** Names of the classes, in the order of the last dimension. */
    labels: z.array(z.string()).min(1).optional(),
    /** What the values of an instance are called, where they have names: the columns of a table. */
    features: z.array(z.string().min(1)).min(1).optional(),
  })
  .refine(({ shape, features }) => !features || features.length === instanceLength({ shape }), {
    path: ["features"],
    error: "expected one name for each value of an instance",
  })
  .refine(({ shape, labels }) => !labels || labels.length === shape.at(-1), {
    path: ["labels"],
    error: "expected one label for each value of the last dimension",
  });
export type TensorSpec = z.infer<typeof TensorSpec>;

/** Values of one instance (no batch dimension) by tensor name, flattened row-major. */
const Instance = z.record(z.string(), z.array(z.number()));

/**
 * What a model takes and gives: `signature.json` of a model package. The example is one real
 * instance with the answer the trainer got for it, so that whoever loads the package can check
 * that it answers the same.
 */
export const Signature = z
  .strictObject({
    inputs: z.array(TensorSpec).min(1),
    outputs: z.array(TensorSpec).min(1),
    example: z.strictObject({ inputs: Instance, outputs: Instance }),
  })
  .superRefine((signature, context) => {
    for (const side of ["inputs", "outputs"] as const) {
      for (const spec of signature[side]) {
        const length = signature.example[side][spec.name]?.length;
        if (length === instanceLength(spec)) continue;
        context.addIssue({
          code: "custom",
          path: ["example", side, spec.name],
          message: `expected ${instanceLength(spec)} values for shape [${spec.shape.join(", ")}], got ${length ?? "none"}`,
        });
      }
    }
  });
export type Signature = z.infer<typeof Signature>;

/** How many values one instance of a tensor has: the product of its sizes without the batch. */
export function instanceLength(spec: { readonly shape: readonly number[] }): number {
  return spec.shape.slice(1).reduce((product, size) => product * size, 1);
}

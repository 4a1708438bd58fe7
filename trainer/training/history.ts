import { z } from "zod";

/** What an epoch came to. */
export const EpochResult = z.strictObject({
  /** From 1. */
  epoch: z.int(),
  /** Means over the epoch's steps, on augmented examples and with dropout. */
  loss: z.number(),
  accuracy: z.number().optional(),
  validationLoss: z.number(),
  validationAccuracy: z.number().optional(),
  /** That of the epoch's last step. */
  learningRate: z.number(),
});
export type EpochResult = Readonly<z.infer<typeof EpochResult>>;

/** How training went. */
export const History = z.strictObject({
  epochs: z.array(EpochResult),
  /** The one whose weights the network has, from 1. */
  bestEpoch: z.int(),
});
export interface History {
  readonly epochs: readonly EpochResult[];
  readonly bestEpoch: number;
}

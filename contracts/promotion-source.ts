import { z } from "zod";
import { Release } from "./release.ts";

/** What a stack takes over from another one: `TRAINER_SOURCE` of the trainer's `promote`. */
export const PromotionSource = z.strictObject({
  /** The stack that has released it. */
  stack: z.string().min(1),
  release: Release,
});
export type PromotionSource = z.infer<typeof PromotionSource>;

/**
 * What the source's store is reached with, by the names that stores know: `AWS_ACCESS_KEY_ID`,
 * `S3_ENDPOINT_URL`, `MLFLOW_TRACKING_URI`. The trainer takes it as JSON in
 * `TRAINER_SOURCE_VARIABLES`; its own variables are of its own store.
 */
export const SourceVariables = z.record(z.string(), z.string());
export type SourceVariables = z.infer<typeof SourceVariables>;

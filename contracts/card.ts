import { z } from "zod";
import { Digest } from "./digest.ts";
import { Interval, PromotedFrom } from "./evidence.ts";
import { GateReport } from "./gate.ts";

/** Statistics of one input over the training split: what later traffic is compared with. */
export const InputBaseline = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number(),
  /** Shares of all values in equal bins between `min` and `max`; they add up to 1. */
  histogram: z.strictObject({ min: z.number(), max: z.number(), shares: z.array(z.number()) }),
});
export type InputBaseline = z.infer<typeof InputBaseline>;

/** Where a package comes from. */
export const Lineage = z.strictObject({
  runId: z.string(),
  datasetDigest: Digest,
  /** What the trainer, the model and the contracts were, as one digest of their sources. */
  codeDigest: Digest,
  /** Commit of the working tree, where there is one. */
  gitCommit: z.string().optional(),
  /** Digest of the trainer's image, where it ran in one. */
  imageDigest: Digest.optional(),
  hyperparameters: z.record(z.string(), z.json()),
  seed: z.int().min(0),
});
export type Lineage = z.infer<typeof Lineage>;

/** `card.json` of a model package: how good it is and where it comes from. */
export const Card = z.strictObject({
  model: z.string(),
  createdAt: z.iso.datetime(),
  metrics: z.record(z.string(), z.number()),
  /** Of those metrics that are known with their intervals. */
  intervals: z.record(z.string(), Interval).optional(),
  gate: GateReport,
  lineage: Lineage,
  /** Only of a package that another stack has released first. */
  promotedFrom: PromotedFrom.optional(),
  /** By input name. */
  baseline: z.record(z.string(), InputBaseline),
});
export type Card = z.infer<typeof Card>;

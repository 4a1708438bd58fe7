import { z } from "zod";
import { Digest } from "./digest.ts";
import { PromotedFrom } from "./evidence.ts";
import { GateReport } from "./gate.ts";
import { Interval } from "./interval.ts";

/** Statistics of some values. */
const Statistics = z.strictObject({
  mean: z.number(),
  standardDeviation: z.number(),
  /** Shares of all values in equal bins between `min` and `max`; they add up to 1. */
  histogram: z.strictObject({ min: z.number(), max: z.number(), shares: z.array(z.number()) }),
});

/**
 * Statistics of one input, or of the labels, over the training split: what later data and traffic
 * are compared with.
 */
export const InputBaseline = Statistics.extend({
  /** The same of each value by itself, in their order; of an input that is a row of numbers. */
  features: z.array(Statistics).optional(),
});
export type InputBaseline = z.infer<typeof InputBaseline>;

/** A model that was trained elsewhere, as it came in. */
export const ImportedFrom = z.strictObject({
  format: z.enum(["tfjs-layers-model", "tfjs-graph-model", "keras-h5", "keras-v3", "saved-model"]),
  /** Name of its file or folder. */
  name: z.string(),
  /** Of the file's bytes, or of all files of the folder. */
  digest: Digest,
});
export type ImportedFrom = z.infer<typeof ImportedFrom>;

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
  /** Only of a package whose network was trained elsewhere: it has no hyperparameters then. */
  importedFrom: ImportedFrom.optional(),
  /** The version whose weights the training began with, where it did not begin with chance. */
  warmStart: z.strictObject({ version: z.string(), digest: Digest }).optional(),
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
  /** By the name of the input; of the labels, by that of the output. */
  baseline: z.record(z.string(), InputBaseline),
});
export type Card = z.infer<typeof Card>;

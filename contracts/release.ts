import { z } from "zod";
import { Lineage } from "./card.ts";
import { Digest } from "./digest.ts";
import { Comparison, PromotedFrom } from "./evidence.ts";
import { GateReport } from "./gate.ts";
import { Interval } from "./interval.ts";

/** The verdict that infrastructure consumes: which package may serve, and why. */
export const Release = z.strictObject({
  /** Name of the registered model. */
  model: z.string().min(1),
  /** Version in the registry, a number as text, as MLflow has it. */
  version: z.string().regex(/^[1-9]\d*$/),
  digest: Digest,
  /** Address of the package's folder, such as `file:///…/models/digits/3f9a…`. */
  uri: z.url(),
  runId: z.string().min(1),
  /** The tracker's experiment that the run belongs to, where there is a tracker. */
  experimentId: z.string().min(1).optional(),
  datasetDigest: Digest,
  /** On the test split; shares of 1, times in milliseconds, sizes in bytes. */
  metrics: z.record(z.string(), z.number()),
  gate: GateReport,
  /** Of those metrics that are known with their intervals. */
  intervals: z.record(z.string(), Interval).optional(),
  /** Beside the version that served before, where there was one. */
  comparison: Comparison.optional(),
  /** When the gate let it pass; of a version that serves again, when it did so at first. */
  releasedAt: z.iso.datetime().optional(),
  lineage: Lineage.optional(),
  /** The version that the stack served before this one, where there was one: what to go back to. */
  previous: z.strictObject({ version: z.string(), digest: Digest }).optional(),
  /** Only of a package that another stack has released first. */
  promotedFrom: PromotedFrom.optional(),
});
export type Release = z.infer<typeof Release>;

/** How the trainer's process ends. @see decisions/004-one-outcome-file.md */
export const exitCodes = {
  released: 0,
  failed: 1,
  badSettings: 2,
  dataRejected: 3,
  gateFailed: 4,
} as const;

/** Why there is no release. */
export const Failure = z.strictObject({
  exitCode: z.int().min(1).max(255),
  /** For people: what happened and what to do; the gate's table where the gate failed. */
  message: z.string().min(1),
  runId: z.string().optional(),
  gate: GateReport.optional(),
});
export type Failure = z.infer<typeof Failure>;

/** The last thing the trainer writes, whatever happened. */
export const Outcome = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("released"), release: Release }),
  z.strictObject({ status: z.literal("failed"), failure: Failure }),
]);
export type Outcome = z.infer<typeof Outcome>;

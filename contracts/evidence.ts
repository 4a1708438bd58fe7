import { z } from "zod";
import { Digest } from "./digest.ts";
import { GateReport } from "./gate.ts";
import { Interval } from "./interval.ts";

/** A package beside the champion, both measured on the same test split. */
export const Comparison = z.strictObject({
  /** The version that served, a number as text. */
  version: z.string(),
  digest: Digest,
  /** The champion's own. */
  metrics: z.record(z.string(), z.number()),
  /** What the package has more than the champion, by measure; paired over the test split. */
  differences: z.record(z.string(), z.strictObject({ value: z.number(), ...Interval.shape })),
});
export type Comparison = z.infer<typeof Comparison>;

/** Where a package was released before it was promoted, and what was known of it there. */
export const PromotedFrom = z.strictObject({
  /** Name of the stack. */
  stack: z.string().min(1),
  /** In that stack's registry. */
  version: z.string().min(1),
  runId: z.string().min(1),
  /** When that stack released it. */
  releasedAt: z.iso.datetime().optional(),
  metrics: z.record(z.string(), z.number()),
  gate: GateReport,
});
export type PromotedFrom = z.infer<typeof PromotedFrom>;

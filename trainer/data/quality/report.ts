import { InputBaseline } from "@updraft/contracts/card";
import { Digest } from "@updraft/contracts/digest";
import { textTable } from "@updraft/contracts/text-table";
import { DataError } from "@updraft/models/dataset";
import { z } from "zod";
import { shortNumber } from "./verdict.ts";

/** How a check ended. One that could not be made, such as drift without a champion, is skipped. */
export const CheckVerdict = z.enum(["passed", "warned", "failed", "skipped"]);
export type CheckVerdict = z.infer<typeof CheckVerdict>;

/** One check of a dataset. */
export const QualityCheck = z.strictObject({
  /** `schema`, or a key of `QualityRules` in `models/quality.ts`. */
  check: z.string(),
  /** What was found; nothing if the check was skipped. */
  value: z.number().optional(),
  /** The limit that decided: the one that was passed, or the nearest one that holds. */
  limit: z.number().optional(),
  verdict: CheckVerdict,
  /** How many examples it is about. */
  affected: z.int().min(0),
  /** The first of them, each with where it comes from and what is wrong with it. */
  rows: z.array(z.string()),
  /** One sentence for people. */
  message: z.string(),
});
export type QualityCheck = z.infer<typeof QualityCheck>;

/** How many examples there are of something. */
const Counts = z.strictObject({
  training: z.int().min(0),
  validation: z.int().min(0),
  test: z.int().min(0),
});
export type Counts = z.infer<typeof Counts>;

/** What was found out about a dataset before training: `data/quality.json` of a run. */
export const QualityReport = z.strictObject({
  model: z.string(),
  dataset: z.string(),
  /** Of its files. */
  digest: Digest,
  /** `failed` if a check has failed, `warned` if one has warned. */
  verdict: z.enum(["passed", "warned", "failed"]),
  checks: z.array(QualityCheck),
  /** Examples in each part, as they are trained on and judged by. */
  examples: Counts,
  /** The same of each class of a classifier, by label. */
  classes: z.record(z.string(), Counts),
  /** Statistics of the training examples, by the names of the model's input and output. */
  baseline: z.record(z.string(), InputBaseline),
  /** What the values of an input are called, where each has a name. */
  inputNames: z.array(z.string()).optional(),
  /** The version that serves and the statistics of what it was trained on. */
  champion: z
    .strictObject({ version: z.string(), baseline: z.record(z.string(), InputBaseline) })
    .optional(),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** Data that must not be trained on, with everything that was found out about it. */
export class DataRejectedError extends DataError {
  override readonly name = "DataRejectedError";
  readonly report: QualityReport;

  constructor(report: QualityReport) {
    super(report.dataset, undefined, rejection(report));
    this.report = report;
  }
}

/** The checks as a table for a terminal: a head line, then a line for each check. */
export function qualityTable({ checks }: Pick<QualityReport, "checks">): string {
  return textTable([
    ["check", "value", "limit", "verdict"],
    ...checks.map(({ check, value, limit, verdict }) => [
      check,
      value === undefined ? "-" : shortNumber(value),
      limit === undefined ? "-" : shortNumber(limit),
      verdict,
    ]),
  ]);
}

/** The checks that ended so, and the rows to look at, a line each. */
export function findings(
  { checks }: Pick<QualityReport, "checks">,
  verdicts: readonly CheckVerdict[],
): string[] {
  return checks.filter(({ verdict }) => verdicts.includes(verdict)).flatMap(linesOf);
}

function linesOf({ check, message, value, limit, rows, affected }: QualityCheck): string[] {
  const hasLimit = value !== undefined && limit !== undefined;
  const beside = hasLimit ? ` (${shortNumber(value)}; the limit is ${shortNumber(limit)})` : "";
  const others = rows.length > 0 ? affected - rows.length : 0;
  return [
    `${check}: ${message}${beside}`,
    ...rows.map((row) => `  ${row}`),
    ...(others > 0 ? [`  and ${others.toLocaleString("en-US")} more`] : []),
  ];
}

function rejection(report: QualityReport): string {
  return [
    "the data is rejected",
    ...findings(report, ["failed"]),
    "Repair it, or set other limits with --quality; docs/data.md says which there are.",
  ].join("\n");
}

import { z } from "zod";
import { textTable } from "./text-table.ts";

const Share = z.number().min(0).max(1);

/**
 * The rules a package must pass before it may serve. A rule that is left out is not applied.
 * Accuracy, F1 and recall are shares of 1 on the test split.
 */
export const GateRules = z.strictObject({
  /** Least share of right answers. */
  minAccuracy: Share.optional(),
  /** Least F1, the plain mean over the classes (macro). */
  minF1: Share.optional(),
  /** Least recall of the worst class. */
  minRecallPerClass: Share.optional(),
  /** By how much the accuracy may be below the champion's on the same test split. */
  maxRegression: Share.optional(),
  /** Longest 95th percentile of the time to answer one instance, in milliseconds. */
  maxLatencyP95Ms: z.number().positive().optional(),
  /** Largest size of network and weights together, in bytes. */
  maxSizeBytes: z.int().positive().optional(),
});
export type GateRules = z.infer<typeof GateRules>;

/** `passed` or `failed`: of one rule, or of the gate, which passes when every rule does. */
export const Verdict = z.enum(["passed", "failed"]);
export type Verdict = z.infer<typeof Verdict>;

/** One rule as it was applied. */
export const RuleResult = z.strictObject({
  /** Key of {@link GateRules}. */
  rule: z.string(),
  value: z.number(),
  /** What the value was compared with, in the same unit. */
  limit: z.number(),
  verdict: Verdict,
  /** One sentence for people: which measure, its value, the comparison, the limit. */
  reason: z.string(),
});
export type RuleResult = z.infer<typeof RuleResult>;

/** What the gate said, rule by rule. */
export const GateReport = z.strictObject({ verdict: Verdict, rules: z.array(RuleResult) });
export type GateReport = z.infer<typeof GateReport>;

/** The report as a table for a terminal: a head line, then a line for each rule. */
export function gateTable(report: GateReport): string {
  const rows = [
    ["rule", "value", "limit", "verdict"],
    ...report.rules.map((rule) => [
      rule.rule,
      formatValue(rule.value),
      formatValue(rule.limit),
      rule.verdict,
    ]),
  ];
  return textTable(rows);
}

function formatValue(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(5)));
}

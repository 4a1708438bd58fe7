import { z } from "zod";
import { Interval } from "./interval.ts";
import { textTable } from "./text-table.ts";

const Share = z.number().min(0).max(1);
const Positive = z.number().positive();

/**
 * The rules a package must pass before it may serve. A rule that is left out is not applied. All is
 * measured on the test split; shares are of 1, regressors' errors in the unit of what they estimate.
 * Which rules are for which models: `rule-facts.ts`.
 */
export const GateRules = z.strictObject({
  minAccuracy: Share.optional().describe("least share of right answers"),
  minF1: Share.optional().describe("least F1, the plain mean over the classes (macro)"),
  minPrecision: Share.optional().describe("least precision, the plain mean over the classes"),
  minRecall: Share.optional().describe("least recall, the plain mean over the classes"),
  minRocAuc: Share.optional().describe(
    "least area under the ROC curve, each class against the rest, the plain mean over the classes",
  ),
  maxLogLoss: Positive.optional().describe("highest log loss, natural logarithm"),
  maxCalibrationError: Share.optional().describe(
    "highest expected calibration error (ECE): how far the network's confidence is from its accuracy",
  ),
  minRecallPerClass: Share.optional().describe("least recall of the worst class"),
  minRecallOf: z
    .record(z.string(), Share)
    .optional()
    .describe('least recall of single classes, by their labels: {"7": 0.95}'),
  minAccuracyPerSlice: Share.optional().describe(
    "least accuracy of the worst slice; of data that has slices",
  ),
  minR2: z.number().max(1).optional().describe("least R², the share of the variance explained"),
  maxRmse: Positive.optional().describe("highest root of the mean squared error"),
  maxMae: Positive.optional().describe("highest mean absolute error"),
  maxError: Positive.optional().describe("highest absolute error of all examples"),
  maxRmsePerSlice: Positive.optional().describe(
    "highest root mean squared error of the worst slice; of data that has slices",
  ),
  maxRegression: Share.optional().describe(
    "by how much the main measure (accuracy, or R²) may be below the champion's",
  ),
  maxRegressionPerClass: Share.optional().describe(
    "by how much the recall of any class may be below the champion's",
  ),
  minImprovement: Share.optional().describe(
    "by how much the main measure must be above the champion's; the champion's own package passes",
  ),
  maxLatencyP95Ms: Positive.optional().describe(
    "longest 95th percentile of the time to answer one instance, in milliseconds",
  ),
  minThroughputPerSecond: Positive.optional().describe(
    "least instances answered in a second, in batches of 32",
  ),
  maxSizeBytes: z
    .int()
    .positive()
    .optional()
    .describe("largest size of network and weights together, in bytes"),
  maxDataWarnings: z
    .int()
    .min(0)
    .optional()
    .describe("how many checks of the data may have warned"),
  maxDrift: Positive.optional().describe(
    "how far the data may be from what the champion was trained on (PSI)",
  ),
  decideOn: z
    .enum(["value", "interval"])
    .optional()
    .describe(
      "what meets the limits: the measure itself (value, the default), or the unfavourable bound of its 95 % interval (interval)",
    ),
});
export type GateRules = z.infer<typeof GateRules>;

/** `passed` or `failed`: of one rule, or of the gate, which passes when every rule does. */
export const Verdict = z.enum(["passed", "failed"]);
export type Verdict = z.infer<typeof Verdict>;

/** One rule as it was applied. */
export const RuleResult = z.strictObject({
  /** Key of {@link GateRules}; of a rule for single classes with the class, `minRecallOf 7`. */
  rule: z.string(),
  /** What met the limit: the measure, or the unfavourable bound of its interval. */
  value: z.number(),
  /** What the value was compared with, in the same unit. */
  limit: z.number(),
  verdict: Verdict,
  /** One sentence for people: which measure, its value, the comparison, the limit. */
  reason: z.string(),
  /** The measure itself and its interval, where a bound met the limit. */
  measured: z.strictObject({ value: z.number(), ...Interval.shape }).optional(),
});
export type RuleResult = z.infer<typeof RuleResult>;

/** What the gate said, rule by rule. */
export const GateReport = z.strictObject({ verdict: Verdict, rules: z.array(RuleResult) });
export type GateReport = z.infer<typeof GateReport>;

/**
 * The report as a table for a terminal: a head line, then a line for each rule. Where bounds met
 * the limits, a last column has what was measured.
 */
export function gateTable({ rules }: GateReport): string {
  const hasMeasured = rules.some(({ measured }) => measured !== undefined);
  return textTable([
    ["rule", "value", "limit", "verdict", ...(hasMeasured ? ["measured"] : [])],
    ...rules.map(({ rule, value, limit, verdict, measured }) => [
      rule,
      formatValue(value),
      formatValue(limit),
      verdict,
      ...(hasMeasured ? [measured ? measuredInWords(measured) : ""] : []),
    ]),
  ]);
}

function measuredInWords({ value, low, high }: NonNullable<RuleResult["measured"]>): string {
  return `${formatValue(value)} (${formatValue(low)} to ${formatValue(high)})`;
}

function formatValue(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(5)));
}

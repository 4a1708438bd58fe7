import type { GateReport, GateRules, RuleResult } from "@updraft/contracts/gate";

/** What the rules look at. */
export interface Candidate {
  readonly accuracy: number;
  readonly f1: number;
  readonly classes: readonly { readonly label: string; readonly recall: number }[];
  readonly latencyP95Ms: number;
  readonly sizeBytes: number;
}

/** The version that serves, measured on the same test split. */
export interface Champion {
  readonly version: string;
  readonly accuracy: number;
}

/** One rule: what is measured, and on which side of the limit it has to be. */
interface Measured {
  readonly value: number;
  /** For people: `accuracy 0.9871`. */
  readonly subject: string;
  readonly limit: "least" | "most";
  readonly unit?: string;
}

/**
 * Applies the rules to a candidate; the gate passes when every rule does.
 * @param champion undefined if none serves yet: then it cannot be fallen behind of
 */
export function applyGate(
  rules: GateRules,
  candidate: Candidate,
  champion: Champion | undefined,
): GateReport {
  const results: RuleResult[] = [];
  const apply = (rule: keyof GateRules, measured: Measured) => {
    const limit = rules[rule];
    if (limit !== undefined) results.push(ruleResult(rule, limit, measured));
  };
  const worst = worstClass(candidate);
  apply("minAccuracy", {
    value: candidate.accuracy,
    subject: "accuracy",
    limit: "least",
  });
  apply("minF1", { value: candidate.f1, subject: "F1", limit: "least" });
  apply("minRecallPerClass", {
    value: worst.recall,
    subject: `recall of the worst class, "${worst.label}",`,
    limit: "least",
  });
  apply("maxRegression", regression(candidate, champion));
  apply("maxLatencyP95Ms", {
    value: candidate.latencyP95Ms,
    subject: "95th percentile of the latency",
    limit: "most",
    unit: " ms",
  });
  apply("maxSizeBytes", {
    value: candidate.sizeBytes,
    subject: "size",
    limit: "most",
    unit: " bytes",
  });
  const passed = results.every((result) => result.verdict === "passed");
  return { verdict: passed ? "passed" : "failed", rules: results };
}

function regression(candidate: Candidate, champion: Champion | undefined): Measured {
  if (!champion) return { value: 0, subject: "regression, without a champion,", limit: "most" };
  return {
    // Both are ratios of whole numbers: what is left of their difference beyond this is noise.
    value: Number((champion.accuracy - candidate.accuracy).toFixed(12)),
    subject: `regression against champion version ${champion.version}, accuracy ${shown(champion.accuracy)},`,
    limit: "most",
  };
}

function worstClass({ classes }: Candidate): { label: string; recall: number } {
  return classes.reduce((worst, one) => (one.recall < worst.recall ? one : worst), {
    label: "",
    recall: Infinity,
  });
}

function ruleResult(
  rule: string,
  limit: number,
  { value, subject, limit: side, unit = "" }: Measured,
): RuleResult {
  const passed = side === "least" ? value >= limit : value <= limit;
  const comparison = side === "least" ? "at least" : "at most";
  const said = `${subject} is ${shown(value)}${unit}`;
  const expected = `${comparison} ${shown(limit)}${unit}`;
  return {
    rule,
    value,
    limit,
    verdict: passed ? "passed" : "failed",
    reason: passed ? `${said}, ${expected} as required` : `${said}; the rule is ${expected}`,
  };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(5)));
}

import type { Digest } from "@updraft/contracts/digest";
import type { GateReport, GateRules, RuleResult } from "@updraft/contracts/gate";
import type { Interval } from "@updraft/contracts/interval";
import { ruleFacts, ruleNames, type RuleName } from "@updraft/contracts/rule-facts";
import type { Evaluation, Spread } from "../evaluation/evaluator.ts";
import type { DataFindings } from "./data-findings.ts";
import { measuredFor } from "./measured-for.ts";

/** What the rules look at. */
export interface Candidate extends Pick<Evaluation, "classes" | "slices"> {
  readonly digest: Digest;
  /** Those of the release, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The measure by which models are compared: a key of `metrics`, the higher the better. */
  readonly mainMeasure: "accuracy" | "r2";
  /** How sure the measures are; differences are to the champion. */
  readonly spread: Spread;
  readonly data: DataFindings;
}

/** The version that serves, measured on the same test split. */
export interface Champion {
  readonly version: string;
  readonly digest: Digest;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What meets a rule's limit. */
export interface Measured {
  /** Nothing where it cannot be measured; then the rule does not hold. */
  readonly value: number | undefined;
  /** For people: `accuracy`; where there is no value, why. */
  readonly subject: string;
  /** Between what bounds chance leaves it, where that is known. */
  readonly interval?: Interval | undefined;
  readonly unit?: string;
  /** Which one, of a rule for several classes. */
  readonly of?: { readonly name: string; readonly limit: number };
  /** Why the rule holds whatever its limit is. */
  readonly holdsBecause?: string;
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
  const byInterval = rules.decideOn === "interval";
  const results = ruleNames.flatMap((rule) =>
    measuredFor(rule, rules, candidate, champion).map(({ limit, ...measured }) =>
      ruleResult(rule, limit, byInterval ? measured : { ...measured, interval: undefined }),
    ),
  );
  const passed = results.every((result) => result.verdict === "passed");
  return { verdict: passed ? "passed" : "failed", rules: results };
}

/** @param measured has its interval where a bound of it is to meet the limit */
function ruleResult(rule: RuleName, limit: number, measured: Measured): RuleResult {
  const { value, subject, interval, unit = "", of, holdsBecause } = measured;
  const { side } = ruleFacts[rule];
  const name = of ? `${rule} ${of.name.replaceAll(/\s+/g, " ")}` : rule;
  const expected = `at ${side} ${shown(limit)}${unit}`;
  if (holdsBecause !== undefined) {
    return { rule: name, value: value ?? 0, limit, verdict: "passed", reason: holdsBecause };
  }
  if (value === undefined) {
    const reason = `${subject}; the rule is ${expected}`;
    return { rule: name, value: 0, limit, verdict: "failed", reason };
  }
  const bound = interval && (side === "least" ? interval.low : interval.high);
  const decisive = bound ?? value;
  const passed = side === "least" ? decisive >= limit : decisive <= limit;
  const bounded =
    bound === undefined
      ? ""
      : `, its ${side === "least" ? "lower" : "upper"} 95 % bound ${shown(bound)}${unit}`;
  const said = `${subject} is ${shown(value)}${unit}${bounded}`;
  return {
    rule: name,
    value: decisive,
    limit,
    verdict: passed ? "passed" : "failed",
    reason: passed ? `${said}, ${expected} as required` : `${said}; the rule is ${expected}`,
    ...(interval ? { measured: { value, ...interval } } : {}),
  };
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(5)));
}

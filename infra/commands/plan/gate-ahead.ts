import type { GateRules } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import { mainMeasures, ruleFacts, ruleNames, type RuleName } from "@updraft/contracts/rule-facts";
import { measured, measureName } from "./format-values.ts";

/** A rule that the next release has to pass, and what it comes to. */
export interface RuleAhead {
  /** Key of {@link GateRules}; of a rule for single classes with the class, `minRecallOf 7`. */
  readonly rule: string;
  /** As configured. */
  readonly limit: number;
  /** As it was configured for the last release; nothing where that had no such rule. */
  readonly before: number | undefined;
  /** Whether it is another than for the last release. */
  readonly isChanged: boolean;
  /** Which measure it is about; of {@link Release.metrics} where the champion's own is known. */
  readonly measure: string;
  /** What the measure must be at least, or at most. Nothing where that needs a champion. */
  readonly bound: { readonly side: "least" | "most"; readonly value: number } | undefined;
  /** The champion's own; nothing without a champion. */
  readonly champion: number | undefined;
  /** Whether the champion would pass; nothing where that is not known. */
  readonly championPasses: boolean | undefined;
  /** For people: `accuracy of at least 0.9892 (the champion's 0.9912 less 0.002)`. */
  readonly text: string;
}

export interface GateSituation {
  readonly rules: GateRules;
  /** Of the last release; nothing if they are not known. */
  readonly before: GateRules | undefined;
  readonly champion: Pick<Release, "metrics" | "intervals"> | undefined;
  /** Whether the champion will be measured on other data than its metrics are from. */
  readonly hasOtherData: boolean;
}

/** What a rule with its limit comes to. */
type Ahead = Pick<RuleAhead, "measure" | "bound" | "champion" | "championPasses" | "text">;

/** The gate that the next release faces, rule by rule, with what each means in numbers. */
export function gateAhead(situation: GateSituation): RuleAhead[] {
  const { rules, before } = situation;
  return ruleNames.flatMap((rule): RuleAhead[] => {
    const limits = rules[rule];
    if (limits === undefined) return [];
    if (typeof limits === "object") return ofClasses(limits, situation);
    const was = before?.[rule];
    return [
      {
        rule,
        limit: limits,
        before: typeof was === "number" ? was : undefined,
        isChanged: before !== undefined && (was !== limits || decidesOtherwise(situation)),
        ...meaning(rule, limits, situation),
      },
    ];
  });
}

function decidesOtherwise({ rules, before }: GateSituation): boolean {
  return (before?.decideOn ?? "value") !== (rules.decideOn ?? "value");
}

function ofClasses(limits: Readonly<Record<string, number>>, situation: GateSituation) {
  const { before } = situation;
  return Object.entries(limits).map(([label, limit]): RuleAhead => {
    const was = before?.minRecallOf?.[label];
    return {
      rule: `minRecallOf ${label}`,
      limit,
      before: was,
      isChanged: before !== undefined && (was !== limit || decidesOtherwise(situation)),
      measure: `recall of class "${label}"`,
      bound: { side: "least", value: limit },
      champion: undefined,
      championPasses: undefined,
      text: `recall of class "${label}" of at least ${limit}${bySuffix(situation)}`,
    };
  });
}

function meaning(rule: RuleName, limit: number, situation: GateSituation): Ahead {
  const { measure } = ruleFacts[rule];
  if (rule === "maxRegression") return compared(limit, -1, situation);
  if (rule === "minImprovement") return compared(limit, 1, situation);
  if (measure !== undefined) return bounded(rule, measure, limit, situation);
  const { side } = ruleFacts[rule];
  const subjects: Partial<Record<RuleName, string>> = {
    maxRegressionPerClass: `recall of no class more than ${limit} below the champion's${bySuffix(situation)}`,
    maxDataWarnings: `at most ${limit} warnings about the data`,
    maxDrift: `drift of the data (PSI) of at most ${limit}`,
  };
  return {
    measure: rule,
    bound: { side, value: limit },
    champion: undefined,
    championPasses: undefined,
    text: subjects[rule] ?? `${rule} ${limit}`,
  };
}

function bounded(rule: RuleName, measure: string, limit: number, situation: GateSituation): Ahead {
  const { side } = ruleFacts[rule];
  const { champion, rules } = situation;
  const own = champion?.metrics[measure];
  const interval = rules.decideOn === "interval" ? champion?.intervals?.[measure] : undefined;
  const decisive = interval ? (side === "least" ? interval.low : interval.high) : own;
  const passes = side === "least" ? (decisive ?? 0) >= limit : (decisive ?? 0) <= limit;
  const suffix = measuredInTime.has(measure) ? "" : bySuffix(situation);
  return {
    measure,
    bound: { side, value: limit },
    champion: own,
    championPasses: own === undefined ? undefined : passes,
    text: `${measureName(measure)} of at ${side} ${configured(measure, limit)}${suffix}`,
  };
}

/** These have no intervals. */
const measuredInTime = new Set(["latencyP95Ms", "throughputPerSecond", "sizeBytes", "maxError"]);

/** @param sign -1 of a measure that may be below the champion's, 1 of one that must be above */
function compared(limit: number, sign: -1 | 1, situation: GateSituation): Ahead {
  const { champion, hasOtherData } = situation;
  const known = Object.values(mainMeasures).find((one) => champion?.metrics[one] !== undefined);
  const measure = known ?? mainMeasures.classification;
  const own = champion?.metrics[measure];
  if (own === undefined) {
    const what = sign < 0 ? "fallen behind of" : "improved on";
    const text = `no champion yet that could be ${what}`;
    return { measure, bound: undefined, champion: undefined, championPasses: undefined, text };
  }
  const value = Number((own + sign * limit).toFixed(12));
  const caveat = hasOtherData ? "; it is measured anew with the new data" : "";
  const by = sign < 0 ? `less ${limit}` : `and ${limit} more`;
  const text = `${measureName(measure)} of at least ${measured(measure, value)} (the champion's ${measured(measure, own)} ${by}${caveat})${bySuffix(situation)}`;
  // No champion falls behind itself, and its own package need not be better.
  return {
    measure,
    bound: { side: "least", value },
    champion: own,
    championPasses: true,
    text,
  };
}

function bySuffix({ rules }: GateSituation): string {
  return rules.decideOn === "interval" ? ", with 95 % confidence" : "";
}

/** A limit as somebody has written it, with its unit. */
function configured(measure: string, limit: number): string {
  if (measure.endsWith("Bytes") || measure.endsWith("PerSecond")) return measured(measure, limit);
  return measure.endsWith("Ms") ? `${limit} ms` : String(limit);
}

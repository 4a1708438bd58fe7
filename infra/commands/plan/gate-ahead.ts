import type { GateRules } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import { measured, measureName } from "./format-values.ts";

/** A rule that the next release has to pass, and what it comes to. */
export interface RuleAhead {
  readonly rule: keyof GateRules;
  /** As configured. */
  readonly limit: number;
  /** As it was configured for the last release; nothing where that had no such rule. */
  readonly before: number | undefined;
  /** Whether it is another than for the last release. */
  readonly isChanged: boolean;
  /** Which measure it is about, of {@link Release.metrics}. */
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

const absolute = {
  minAccuracy: { measure: "accuracy", side: "least" },
  minF1: { measure: "f1", side: "least" },
  minRecallPerClass: { measure: "minRecallPerClass", side: "least" },
  maxLatencyP95Ms: { measure: "latencyP95Ms", side: "most" },
  maxSizeBytes: { measure: "sizeBytes", side: "most" },
} as const;

/** In the order in which the gate applies them. */
const order = [
  "minAccuracy",
  "minF1",
  "minRecallPerClass",
  "maxRegression",
  "maxLatencyP95Ms",
  "maxSizeBytes",
] as const;

export interface GateSituation {
  readonly rules: GateRules;
  /** Of the last release; nothing if they are not known. */
  readonly before: GateRules | undefined;
  readonly champion: Pick<Release, "metrics"> | undefined;
  /** Whether the champion will be measured on other data than its metrics are from. */
  readonly hasOtherData: boolean;
}

/** The gate that the next release faces, rule by rule, with what each means in numbers. */
export function gateAhead(situation: GateSituation): RuleAhead[] {
  const { rules, before } = situation;
  return order.flatMap((rule): RuleAhead[] => {
    const limit = rules[rule];
    if (limit === undefined) return [];
    const isChanged = before !== undefined && before[rule] !== limit;
    const common = { rule, limit, before: before?.[rule], isChanged };
    return rule === "maxRegression"
      ? [{ ...common, ...regression(limit, situation) }]
      : [{ ...common, ...bounded(rule, limit, situation) }];
  });
}

function bounded(rule: keyof typeof absolute, limit: number, { champion }: GateSituation) {
  const { measure, side } = absolute[rule];
  const own = champion?.metrics[measure];
  const passes = side === "least" ? own !== undefined && own >= limit : (own ?? 0) <= limit;
  return {
    measure,
    bound: { side, value: limit },
    champion: own,
    championPasses: own === undefined ? undefined : passes,
    text: `${measureName(measure)} of at ${side} ${configured(measure, limit)}`,
  };
}

function regression(limit: number, { champion, hasOtherData }: GateSituation) {
  const measure = "accuracy";
  const own = champion?.metrics[measure];
  if (own === undefined) {
    const text = "no champion yet that could be fallen behind of";
    return { measure, bound: undefined, champion: undefined, championPasses: undefined, text };
  }
  const value = Number((own - limit).toFixed(12));
  const caveat = hasOtherData ? "; it is measured anew with the new data" : "";
  const text = `accuracy of at least ${measured(measure, value)} (the champion's ${measured(measure, own)} less ${limit}${caveat})`;
  // No champion falls behind itself.
  return {
    measure,
    bound: { side: "least" as const, value },
    champion: own,
    championPasses: true,
    text,
  };
}

/** A limit as somebody has written it, with its unit. */
function configured(measure: string, limit: number): string {
  if (measure.endsWith("Bytes")) return measured(measure, limit);
  return measure.endsWith("Ms") ? `${limit} ms` : String(limit);
}

import type { GateRules } from "@updraft/contracts/gate";
import { mainMeasureNames, ruleFacts, type RuleName } from "@updraft/contracts/rule-facts";
import { sliceName } from "../evaluation/slices.ts";
import type { Candidate, Champion, Measured } from "./gate.ts";

/** What meets the limit of a rule, with that limit. */
export type Applied = Measured & { readonly limit: number };

type Situation = readonly [candidate: Candidate, champion: Champion | undefined];

/** Rules that are about one of the metrics, whatever their limit is: how to call it, and its unit. */
const plain: Partial<Record<RuleName, Pick<Measured, "subject" | "unit">>> = {
  minAccuracy: { subject: "accuracy" },
  minF1: { subject: "F1" },
  minPrecision: { subject: "precision" },
  minRecall: { subject: "recall" },
  minRocAuc: { subject: "area under the ROC curve" },
  maxLogLoss: { subject: "log loss" },
  maxCalibrationError: { subject: "expected calibration error" },
  minR2: { subject: "R²" },
  maxRmse: { subject: "root mean squared error" },
  maxMae: { subject: "mean absolute error" },
  maxError: { subject: "largest error" },
  maxLatencyP95Ms: { subject: "95th percentile of the latency", unit: " ms" },
  minThroughputPerSecond: { subject: "throughput", unit: " instances a second" },
  maxSizeBytes: { subject: "size", unit: " bytes" },
};

/** Rules that need more than one of the metrics. */
const special: Partial<Record<RuleName, (...situation: Situation) => Measured>> = {
  minRecallPerClass: worstClass,
  minAccuracyPerSlice: (candidate) => worstSlice(candidate, "minAccuracyPerSlice"),
  maxRmsePerSlice: (candidate) => worstSlice(candidate, "maxRmsePerSlice"),
  maxRegression: regression,
  maxRegressionPerClass: classRegression,
  minImprovement: improvement,
  maxDataWarnings: ({ data: { warnings } }) => ({
    value: warnings.length,
    subject: `number of warnings about the data${warnings.length === 0 ? "" : ` (${warnings.join(", ")})`}`,
  }),
  maxDrift: ({ data: { drift } }) => ({
    value: drift,
    subject: "drift of the data (PSI)",
    ...(drift === undefined
      ? { holdsBecause: "no data of a champion is known that this could have drifted from" }
      : {}),
  }),
};

/** What a rule is applied to: nothing if it is not asked for, several of one for single classes. */
export function measuredFor(rule: RuleName, rules: GateRules, ...situation: Situation): Applied[] {
  const limits = rules[rule];
  if (limits === undefined) return [];
  const [candidate] = situation;
  if (typeof limits === "object") {
    return Object.entries(limits).map(([name, limit]) => ({
      ...recallOf(name, candidate),
      of: { name, limit },
      limit,
    }));
  }
  const measured = special[rule]?.(...situation) ?? metric(rule, candidate);
  return [{ ...measured, limit: limits }];
}

function metric(rule: RuleName, { metrics, spread }: Candidate): Measured {
  const { measure = "" } = ruleFacts[rule];
  const { subject = measure, unit = "" } = plain[rule] ?? {};
  const value = metrics[measure];
  if (value === undefined) return { value, subject: `${subject} is not known on this test split` };
  return { value, subject, unit, interval: spread.intervals[measure] };
}

function recallOf(name: string, { classes, spread }: Candidate): Measured {
  const index = classes.findIndex(({ label }) => label === name);
  const value = classes[index]?.recall;
  if (value === undefined) return { value, subject: `there is no class "${name}"` };
  return { value, subject: `recall of class "${name}"`, interval: spread.recalls[index] };
}

function worstClass({ classes, spread }: Candidate): Measured {
  const worst = classes.reduce((least, one) => (one.recall < least.recall ? one : least), {
    label: "",
    recall: Infinity,
  });
  return {
    value: worst.recall,
    subject: `recall of the worst class, "${worst.label}",`,
    interval: spread.intervals["minRecallPerClass"],
  };
}

const sliceRules = {
  minAccuracyPerSlice: { measure: "accuracy", subject: "accuracy" },
  maxRmsePerSlice: { measure: "rmse", subject: "root mean squared error" },
} as const;

function worstSlice(
  { slices, metrics, spread }: Candidate,
  rule: keyof typeof sliceRules,
): Measured {
  const { measure, subject } = sliceRules[rule];
  const value = metrics[rule];
  const worst = slices.find((one) => one.metrics[measure] === value);
  if (value === undefined || !worst) return { value, subject: "the data has no slices" };
  return {
    value,
    subject: `${subject} of the worst slice, ${sliceName(worst)},`,
    interval: spread.intervals[rule],
  };
}

function regression({ metrics, mainMeasure, spread }: Candidate, champion?: Champion): Measured {
  if (!champion) return { value: 0, subject: "regression, without a champion," };
  const [own = 0, before = 0] = [metrics[mainMeasure], champion.metrics[mainMeasure]];
  const gain = spread.differences?.[mainMeasure];
  return {
    value: exact(before - own),
    subject: `regression against champion version ${champion.version}, ${mainMeasureNames[mainMeasure]} ${shown(before)},`,
    interval: gain && { low: 0 - gain.high, high: 0 - gain.low },
  };
}

function classRegression({ classes, spread }: Candidate, champion?: Champion): Measured {
  const lost = spread.classRegression;
  if (!champion || !lost)
    return { value: 0, subject: "regression of any class, without a champion," };
  const label = classes[lost.class]?.label ?? "";
  return {
    value: lost.value,
    subject: `regression of the recall of class "${label}", the most of all, against champion version ${champion.version},`,
    interval: { low: lost.low, high: lost.high },
  };
}

function improvement(candidate: Candidate, champion?: Champion): Measured {
  const { metrics, mainMeasure, spread, digest } = candidate;
  const subject = "improvement";
  if (!champion) {
    return { value: 0, subject, holdsBecause: "there is no champion that could be improved on" };
  }
  if (digest === champion.digest) {
    const holdsBecause = `it is the champion's own package, version ${champion.version}; nothing is replaced`;
    return { value: 0, subject, holdsBecause };
  }
  const [own = 0, before = 0] = [metrics[mainMeasure], champion.metrics[mainMeasure]];
  return {
    value: exact(own - before),
    subject: `improvement on champion version ${champion.version}, ${mainMeasureNames[mainMeasure]} ${shown(before)},`,
    interval: spread.differences?.[mainMeasure],
  };
}

/** Both are sums of ratios: what is left of their difference beyond this is noise. */
function exact(value: number): number {
  return Number(value.toFixed(12));
}

function shown(value: number): string {
  return String(Number(value.toFixed(5)));
}

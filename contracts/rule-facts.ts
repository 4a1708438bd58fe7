import type { GateRules } from "./gate.ts";

/** What a model does: a classifier has labels, a regressor has none. */
export type Task = "classification" | "regression";

/** A key of {@link GateRules} that has a limit. */
export type RuleName = Exclude<keyof GateRules, "decideOn">;

/** What is known of a rule beside its limit. */
export interface RuleFacts {
  /** Which of a release's metrics it is about; nothing where it is about no single one. */
  readonly measure?: string;
  /** On which side of the limit the measure has to be. */
  readonly side: "least" | "most";
  /** Models that it is for. @default all */
  readonly task?: Task;
}

const classification = { task: "classification" } as const;
const regression = { task: "regression" } as const;

/** Every rule, in the order in which the gate applies them. */
export const ruleFacts: Readonly<Record<RuleName, RuleFacts>> = {
  minAccuracy: { measure: "accuracy", side: "least", ...classification },
  minF1: { measure: "f1", side: "least", ...classification },
  minPrecision: { measure: "precision", side: "least", ...classification },
  minRecall: { measure: "recall", side: "least", ...classification },
  minRocAuc: { measure: "rocAuc", side: "least", ...classification },
  maxLogLoss: { measure: "logLoss", side: "most", ...classification },
  maxCalibrationError: { measure: "ece", side: "most", ...classification },
  minRecallPerClass: { measure: "minRecallPerClass", side: "least", ...classification },
  minRecallOf: { side: "least", ...classification },
  minAccuracyPerSlice: { measure: "minAccuracyPerSlice", side: "least", ...classification },
  minR2: { measure: "r2", side: "least", ...regression },
  maxRmse: { measure: "rmse", side: "most", ...regression },
  maxMae: { measure: "mae", side: "most", ...regression },
  maxError: { measure: "maxError", side: "most", ...regression },
  maxRmsePerSlice: { measure: "maxRmsePerSlice", side: "most", ...regression },
  maxRegression: { side: "most" },
  maxRegressionPerClass: { side: "most", ...classification },
  minImprovement: { side: "least" },
  maxLatencyP95Ms: { measure: "latencyP95Ms", side: "most" },
  minThroughputPerSecond: { measure: "throughputPerSecond", side: "least" },
  maxSizeBytes: { measure: "sizeBytes", side: "most" },
  maxDataWarnings: { side: "most" },
  maxDrift: { side: "most" },
};

/** The names of all rules, in the order in which the gate applies them. */
export const ruleNames = Object.keys(ruleFacts) as readonly RuleName[];

/** The measure by which models of a task are compared: the higher the better, 1 is the best. */
export const mainMeasures = { classification: "accuracy", regression: "r2" } as const;

/** What people call the main measures. */
export const mainMeasureNames = { accuracy: "accuracy", r2: "R²" } as const;

/** The rules that can be applied to models of a task. */
export function rulesFor(task: Task): RuleName[] {
  return ruleNames.filter((rule) => (ruleFacts[rule].task ?? task) === task);
}

/** Which of the rules need the champion measured on the same test split. */
export const comparingRules = ["maxRegression", "maxRegressionPerClass", "minImprovement"] as const;

import { unknownValue } from "../../local/provider/property-values.ts";

/** A name, number or address within a sentence: what shows text without marks leaves them out. */
export function code(value: string): string {
  return `\`${value.replaceAll("`", "'").replaceAll(/\s+/g, " ")}\``;
}

/** A digest by its first eight digits. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 8);
}

/** An image by its name and the first digits of its digest. */
function shortImage(image: string): string {
  const [name = image, hex] = image.split("@sha256:");
  return hex === undefined ? image : `${name.slice(name.lastIndexOf("/") + 1)}@${hex.slice(0, 8)}`;
}

/** A value of the configuration or of a plan. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (value === unknownValue) return "not known yet";
  if (typeof value !== "string") return JSON.stringify(value);
  if (/^sha256:[0-9a-f]{64}$/.test(value)) return shortDigest(value);
  return value.includes("@sha256:") ? shortImage(value) : value;
}

/** What people call a measure. */
const measureNames: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  f1: "F1",
  minRecallPerClass: "recall of the worst class",
  latencyP95Ms: "latency (p95)",
  sizeBytes: "size",
  logLoss: "log loss",
  f1Micro: "F1 (micro)",
  f1Weighted: "F1 (weighted)",
  rocAuc: "area under the ROC curve",
  ece: "calibration error",
  minAccuracyPerSlice: "accuracy of the worst slice",
  r2: "R²",
  rmse: "root mean squared error",
  mae: "mean absolute error",
  maxError: "largest error",
  medianAbsoluteError: "median absolute error",
  meanBias: "mean bias",
  maxRmsePerSlice: "root mean squared error of the worst slice",
  latencyP50Ms: "latency (median)",
  throughputPerSecond: "throughput",
};

export function measureName(measure: string): string {
  return measureNames[measure] ?? measure;
}

/** A measure's value with its unit: shares of 1 with four places. */
export function measured(measure: string, value: number): string {
  if (measure.endsWith("Ms")) return `${rounded(value, value < 10 ? 1 : 0)} ms`;
  if (measure.endsWith("Bytes")) return `${value.toLocaleString("en-US")} bytes`;
  if (measure.endsWith("PerSecond")) return `${Math.round(value).toLocaleString("en-US")} a second`;
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}

/** What one value has more than another, with its sign. */
export function difference(measure: string, value: number): string {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "±";
  return `${sign}${measured(measure, Math.abs(value))}`;
}

/** `0.9412 to 0.9661`. */
export function interval(measure: string, { low, high }: { low: number; high: number }): string {
  return `${signed(measure, low)} to ${signed(measure, high)}`;
}

function signed(measure: string, value: number): string {
  return value < 0 ? difference(measure, value) : measured(measure, value);
}

function rounded(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}

/** `14 s`, `2 min 5 s`, `1 h 4 min`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  const [hours, left] = [Math.floor(minutes / 60), minutes % 60];
  return left === 0 ? `${hours} h` : `${hours} h ${left} min`;
}

/** `2026-07-14 09:36 UTC`. */
export function instant(time: string): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `1 resource`, `2 resources`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

import type { Metric, Run } from "../store/runs.ts";

/** An answer as JSON. */
export function toJson(answer: object): string {
  return JSON.stringify(answer);
}

/** A number, or what protobuf's JSON has for numbers that JSON lacks. */
export type JsonDouble = number | "NaN" | "Infinity" | "-Infinity";

/** A metric as it goes over the wire. */
export function metricJson<Logged extends Metric>(
  metric: Logged,
): Omit<Logged, "value"> & { value: JsonDouble } {
  return { ...metric, value: jsonDouble(metric.value) };
}

/** A run as it goes over the wire. */
export function runJson(run: Run): object {
  return { ...run, data: { ...run.data, metrics: run.data.metrics.map(metricJson) } };
}

/** A number as JSON can carry it. */
export function jsonDouble(value: number): JsonDouble {
  return Number.isFinite(value) ? value : (String(value) as JsonDouble);
}

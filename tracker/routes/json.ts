import type { Metric, Run } from "../store/runs.ts";

/** An answer that is JSON already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An answer as JSON. */
export function toJson(answer: object): string {
  return answer instanceof JsonText ? answer.text : JSON.stringify(answer);
}

/** Texts of runs that the store may give again; a run never changes, there is another one then. */
const runTexts = new WeakMap<Run, string>();

/** A run as JSON. */
export function runText(run: Run): string {
  const text = runTexts.get(run) ?? JSON.stringify(runJson(run));
  runTexts.set(run, text);
  return text;
}

/** Runs, which are JSON already, as a search answers them. */
export function runsJson(runs: readonly string[], nextPageToken: string | undefined): JsonText {
  const next = nextPageToken ? `,"next_page_token":${JSON.stringify(nextPageToken)}` : "";
  return new JsonText(`{"runs":[${runs.join(",")}]${next}}`);
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

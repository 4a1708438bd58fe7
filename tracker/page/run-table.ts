import type { Run } from "../store/runs.ts";
import { formatDuration, formatNumber } from "./format.ts";
import { failureReason, parseGate, tagValue, wellKnownTags } from "./gate.ts";
import type { Content, Html } from "./html.ts";
import { digestCode, gateBadge, none, runLink, statusBadge, table, timeAgo } from "./layout.ts";

/** Metrics that a reader looks for first, in this order. */
export const mainMetrics = ["accuracy", "f1", "logLoss", "loss", "latencyP95Ms"];

const metricColumns = 4;

/** Runs, one a row, with their main metrics. */
export function runTable(runs: readonly Run[], now: number): Html {
  const keys = metricKeys(runs);
  const columns = [
    { label: "Run" },
    { label: "Status" },
    { label: "Gate" },
    { label: "Started" },
    { label: "Took", numeric: true },
    ...keys.map((key) => ({ label: key, numeric: true })),
    { label: "Dataset" },
    { label: "Reason" },
  ];
  return table(
    columns,
    runs.map((run) => row(run, keys, now)),
  );
}

/** The metrics to show of some runs: the main ones, or else those that most of them have. */
export function metricKeys(runs: readonly Run[]): string[] {
  const counts = new Map<string, number>();
  for (const { key } of runs.flatMap((run) => run.data.metrics)) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const main = mainMetrics.filter((key) => counts.has(key));
  const others = [...counts]
    .filter(([key]) => !key.startsWith("system/"))
    .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([key]) => key);
  return (main.length > 0 ? main : others).slice(0, metricColumns);
}

/** How long a run took, or has taken so far. */
export function durationOf({ info }: Run, now: number): string {
  const end = info.end_time ?? (info.status === "RUNNING" ? now : undefined);
  return end === undefined ? "" : formatDuration(end - info.start_time);
}

/** The value that a metric had last, or what stands for none. */
export function metricValue(run: Run | undefined, key: string): Content {
  const metric = run?.data.metrics.find((candidate) => candidate.key === key);
  return metric ? formatNumber(metric.value) : none;
}

/** The digest of what a run was trained on. */
export function datasetDigestOf(run: Run): string | undefined {
  return (
    tagValue(run.data.tags, wellKnownTags.datasetDigest) ??
    run.inputs.dataset_inputs[0]?.dataset.digest
  );
}

function row(run: Run, keys: readonly string[], now: number): Content[] {
  const { tags } = run.data;
  return [
    runLink(run.info.run_id, run.info.run_name),
    statusBadge(run.info.status),
    gateBadge(parseGate(tagValue(tags, wellKnownTags.gate))),
    timeAgo(run.info.start_time, now),
    durationOf(run, now) || none,
    ...keys.map((key) => metricValue(run, key)),
    digestCode(datasetDigestOf(run)),
    firstLine(failureReason(tags)) ?? none,
  ];
}

function firstLine(text: string | undefined): string | undefined {
  const line = text?.split("\n")[0];
  return line && line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

import type { Run } from "../store/runs.ts";
import { formatDuration, formatNumber, shortDigest } from "./format.ts";
import { failureReason, parseGate, tagValue, wellKnownTags } from "./gate.ts";
import { html, type Content, type Html } from "./html.ts";
import { gateBadge, none, runLink, statusBadge, table, timeAgo } from "./layout.ts";

/** Metrics that a reader looks for first, in this order. */
const mainMetrics = ["accuracy", "f1", "loss", "latencyP95Ms"];

const metricColumns = 4;

/** Runs, one a row, with the metrics that most of them have. */
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

/** The metrics to show of some runs: the main ones first, then those that most runs have. */
export function metricKeys(runs: readonly Run[]): string[] {
  const counts = new Map<string, number>();
  for (const { key } of runs.flatMap((run) => run.data.metrics)) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const others = [...counts]
    .filter(([key]) => !mainMetrics.includes(key) && !key.includes("/"))
    .toSorted(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .map(([key]) => key);
  return [...mainMetrics.filter((key) => counts.has(key)), ...others].slice(0, metricColumns);
}

/** How long a run took, or has taken so far. */
export function durationOf({ info }: Run, now: number): string {
  const end = info.end_time ?? (info.status === "RUNNING" ? now : undefined);
  return end === undefined ? "" : formatDuration(end - info.start_time);
}

/** The digest of what a run was trained on. */
export function datasetDigestOf(run: Run): string | undefined {
  return (
    tagValue(run.data.tags, wellKnownTags.datasetDigest) ??
    run.inputs.dataset_inputs[0]?.dataset.digest
  );
}

function row(run: Run, keys: readonly string[], now: number): Content[] {
  const { tags, metrics } = run.data;
  const digest = datasetDigestOf(run);
  const values = keys.map((key) => metrics.find((metric) => metric.key === key)?.value);
  return [
    runLink(run.info.run_id, run.info.run_name),
    statusBadge(run.info.status),
    gateBadge(parseGate(tagValue(tags, wellKnownTags.gate))),
    timeAgo(run.info.start_time, now),
    durationOf(run, now) || none,
    ...values.map((value) => (value === undefined ? none : formatNumber(value))),
    digest ? html`<code title="${digest}">${shortDigest(digest)}</code>` : none,
    failureReason(tags) ?? none,
  ];
}

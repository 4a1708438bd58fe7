import type { Sweep } from "@updraft/contracts/sweep";
import type { RecordedTrial } from "../tracking/tracking.ts";

/** A trial that has left a package behind, as the best one is chosen by. */
export interface FinishedTrial {
  readonly index: number;
  readonly runId: string;
  readonly digest: NonNullable<RecordedTrial["digest"]>;
  readonly uri: string;
  /** Of the metric that decides. */
  readonly value: number;
}

/** What a trial must have been made of. */
export interface TrialInputs {
  readonly datasetDigest: string;
  readonly codeDigest: string;
}

/** The best of a sweep's trials. */
export interface Choice {
  readonly best: FinishedTrial | undefined;
  /** Every trial that can be chosen, the best first. */
  readonly ranking: readonly FinishedTrial[];
  /** Trials that are passed over, and why: a line for each, for people. */
  readonly skipped: readonly string[];
}

/**
 * Chooses among the trials of a sweep. Of several runs of one trial the latest that can be chosen
 * counts; of equally good trials the first.
 * @param expected how many trials there should be, where that is known
 */
export function chooseTrial(
  runs: readonly RecordedTrial[],
  metric: Sweep["metric"],
  inputs: TrialInputs,
  expected?: number,
): Choice {
  const ranking: FinishedTrial[] = [];
  const skipped: string[] = [];
  for (const [index, ofTrial] of byIndex(runs, expected)) {
    const checked = ofTrial.map((run) => usable(run, metric, inputs));
    const finished = checked.find((one) => typeof one !== "string");
    if (finished) ranking.push(finished);
    else skipped.push(`trial ${index} is passed over: ${String(checked[0] ?? "it never began")}`);
  }
  const sign = metric === "val_loss" ? 1 : -1;
  ranking.sort((a, b) => sign * (a.value - b.value) || a.index - b.index);
  return { best: ranking[0], ranking, skipped };
}

/** The runs of each trial, the latest first. */
function byIndex(
  runs: readonly RecordedTrial[],
  expected: number = 0,
): (readonly [number, readonly RecordedTrial[]])[] {
  const groups = Map.groupBy(runs, ({ index }) => index);
  for (let index = 0; index < expected; index += 1) {
    if (!groups.has(index)) groups.set(index, []);
  }
  return [...groups]
    .toSorted(([a], [b]) => a - b)
    .map(([index, group]) => [index, group.toSorted((a, b) => b.startedAt - a.startedAt)]);
}

/** What a run's trial came to, or why it cannot be chosen. */
function usable(
  run: RecordedTrial,
  metric: Sweep["metric"],
  inputs: TrialInputs,
): FinishedTrial | string {
  const { index, runId, status, digest, uri, failure } = run;
  if (status === "RUNNING") return `its run ${runId} has not ended`;
  if (status !== "FINISHED") return failure ?? `its run ${runId} is ${status}`;
  if (run.datasetDigest !== inputs.datasetDigest) return "it was trained on other data";
  if (run.codeDigest !== inputs.codeDigest) return "it was trained by other code";
  const value = run.metrics[metric];
  if (digest === undefined || uri === undefined || value === undefined || !Number.isFinite(value)) {
    return `its run ${runId} names no package with a ${metric}`;
  }
  return { index, runId, digest, uri, value };
}

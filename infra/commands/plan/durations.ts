import type { HistoryEntry, Mode } from "./read-history.ts";

/** How many of the last updates an expectation rests on, at most. */
const considered = 5;

/** How long an update may be expected to take. */
export interface ExpectedDuration {
  /** The median of those that it rests on. */
  readonly seconds: number;
  /** On how many updates it rests. */
  readonly updates: number;
}

/**
 * How long updates of the same kind took that succeeded: the median of the last five. Updates that
 * failed or were stopped say nothing about it, nor do those of another target.
 * @returns nothing if there are none
 */
export function expectedDuration(
  history: readonly HistoryEntry[],
  { mode, target }: Pick<HistoryEntry, "mode" | "target">,
): ExpectedDuration | undefined {
  const seconds = history
    .filter((entry) => entry.target === target && entry.mode === mode && hasRun(entry, mode))
    .flatMap((entry) => secondsOf(entry) ?? [])
    .slice(0, considered);
  if (seconds.length === 0) return undefined;
  return { seconds: median(seconds), updates: seconds.length };
}

/** Whether the update came to a release itself, and did not keep the one that there was. */
function hasRun({ kind, result, retrain, made }: HistoryEntry, mode: Mode): boolean {
  if (kind !== "update" || result !== "succeeded") return false;
  return (mode === "training" && retrain === "always") || made > 0;
}

/** How long it took; nothing if it has not ended. */
export function secondsOf({
  startedAt,
  endedAt,
}: Pick<HistoryEntry, "startedAt" | "endedAt">): number | undefined {
  if (endedAt === undefined) return undefined;
  return Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return Math.round((low + high) / 2);
}

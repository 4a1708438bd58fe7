import type { Comparison } from "@updraft/contracts/evidence";
import type { Interval } from "@updraft/contracts/interval";
import { mainMeasureNames } from "@updraft/contracts/rule-facts";

/** How sure it is what was measured of a package. */
export interface Evidence {
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Beside the champion, where there is one that could be measured. */
  readonly comparison: Comparison | undefined;
}

/** The bounds as metrics of a run: `accuracy_low`, `accuracy_high`. */
export function intervalMetrics(intervals: Evidence["intervals"]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(intervals).flatMap(([name, { low, high }]) => [
      [`${name}_low`, low],
      [`${name}_high`, high],
    ]),
  );
}

/**
 * The evidence as a line for people.
 * @param measure the one that models are compared by, with its value
 */
export function evidenceLine(
  { intervals, comparison }: Evidence,
  [measure, value]: readonly [measure: "accuracy" | "r2", value: number],
): string {
  const name = mainMeasureNames[measure];
  const own = `${name} ${value.toFixed(4)}${shown(intervals[measure])}`;
  const gain = comparison?.differences[measure];
  if (!comparison || !gain) return own;
  const champion = comparison.metrics[measure] ?? 0;
  const sign = gain.value < 0 ? "" : "+";
  return `${own}, champion version ${comparison.version} ${champion.toFixed(4)}, difference ${sign}${gain.value.toFixed(4)}${shown(gain)}`;
}

function shown(interval: Interval | undefined): string {
  return interval ? ` (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})` : "";
}

import type { Comparison, Interval } from "@updraft/contracts/evidence";
import type { MeasuredChampion } from "../gate/champion.ts";
import { bootstrap } from "./bootstrap.ts";
import { answersOf } from "./measures.ts";

/** How sure it is what was measured of a package. */
export interface Evidence {
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Beside the champion, where there is one that could be measured. */
  readonly comparison: Comparison | undefined;
}

/**
 * How far chance in the choice of test examples moves the measures of a package, and what it has
 * more than the champion.
 * @param probabilities its answers, `[n, classes]`, row-major
 * @param labels the true classes' indexes, `[n]`
 */
export function evidenceOf(
  { probabilities, labels }: { readonly probabilities: Float32Array; readonly labels: Int32Array },
  champion: MeasuredChampion | undefined,
  seed: number,
): Evidence {
  const classes = probabilities.length / labels.length;
  const answers = answersOf(probabilities, classes);
  const rival = champion && answersOf(champion.probabilities, classes);
  const { intervals, differences } = bootstrap({ labels, answers, rival, classes }, seed);
  if (!champion || !differences) return { intervals, comparison: undefined };
  const { version, digest, metrics } = champion;
  return { intervals, comparison: { version, digest, metrics, differences } };
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

/** The evidence as a line for people. */
export function evidenceLine({ intervals, comparison }: Evidence, accuracy: number): string {
  const own = `accuracy ${accuracy.toFixed(4)}${shown(intervals["accuracy"])}`;
  const gain = comparison?.differences["accuracy"];
  if (!comparison || !gain) return own;
  const champion = comparison.metrics["accuracy"] ?? 0;
  const sign = gain.value < 0 ? "" : "+";
  return `${own}, champion version ${comparison.version} ${champion.toFixed(4)}, difference ${sign}${gain.value.toFixed(4)}${shown(gain)}`;
}

function shown(interval: Interval | undefined): string {
  return interval ? ` (${interval.low.toFixed(4)} to ${interval.high.toFixed(4)})` : "";
}

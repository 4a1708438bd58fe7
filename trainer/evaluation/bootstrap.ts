import type { Comparison, Interval } from "@updraft/contracts/evidence";
import type { Random } from "@updraft/models/model-definition";
import { createRandom } from "../random.ts";
import { cellsOf, scoresOf, type Answers, type Cells, type Scores } from "./answer-cells.ts";

/** How far chance in the choice of examples moves what is measured on them. */
export interface Spread {
  readonly intervals: Readonly<Record<keyof Scores, Interval>>;
  /** What the classifier has more than its rival; none without one. */
  readonly differences: Comparison["differences"] | undefined;
}

const resamples = 1000;
/** How many resamples lie beyond each bound: 95 % are between two that leave 25 of 1,000 out. */
const beyond = 25;

/**
 * The spread of what is measured, by the percentile bootstrap: the examples are drawn again with
 * replacement a thousand times, as many of each class as there are. Both classifiers meet the same
 * draws, so what makes an example hard for both does not count as a difference. The same seed gives
 * the same numbers.
 * @see https://doi.org/10.1007/978-1-4899-4541-9 Efron and Tibshirani, chapters 8 and 13
 */
export function bootstrap(all: Answers, seed: number): Spread {
  const found = cellsOf(all);
  const { cells } = found;
  const draw = drawing(all, found, createRandom(seed, "bootstrap"));
  const own: Scores[] = [];
  const rivals: Scores[] = [];
  for (let round = 0; round < resamples; round += 1) {
    const counts = draw();
    own.push(scoresOf(cells, counts, "answer", all.classes));
    if (all.rival) rivals.push(scoresOf(cells, counts, "rival", all.classes));
  }
  const interval = (key: keyof Scores) => bounds(own.map((scores) => scores[key]));
  return {
    intervals: {
      accuracy: interval("accuracy"),
      f1: interval("f1"),
      minRecallPerClass: interval("minRecallPerClass"),
    },
    differences: all.rival && differences(all, found, { own, rivals }),
  };
}

/**
 * Draws all examples again, as often as it is called: how many are in each cell then. Only that is
 * counted, so a draw costs one step for each example, whatever is measured of it.
 */
function drawing(
  { labels, classes }: Answers,
  { cells, cellOf }: Cells,
  random: Random,
): () => Int32Array {
  const groups = Array.from({ length: classes }, (_, label) =>
    cellOf.filter((_cell, index) => labels[index] === label),
  );
  const counts = new Int32Array(cells.length);
  return () => {
    counts.fill(0);
    for (const group of groups) {
      for (let left = group.length; left > 0; left -= 1) {
        const cell = group[Math.floor(random() * group.length)] ?? 0;
        counts[cell] = (counts[cell] ?? 0) + 1;
      }
    }
    return counts;
  };
}

function differences(
  { classes }: Answers,
  { cells, cellOf }: Cells,
  { own, rivals }: { readonly own: readonly Scores[]; readonly rivals: readonly Scores[] },
): Comparison["differences"] {
  const counts = new Int32Array(cells.length);
  for (const cell of cellOf) counts[cell] = (counts[cell] ?? 0) + 1;
  const measured = {
    own: scoresOf(cells, counts, "answer", classes),
    rival: scoresOf(cells, counts, "rival", classes),
  };
  const gain = (key: keyof Scores) => ({
    value: exact(measured.own[key] - measured.rival[key]),
    ...bounds(own.map((scores, index) => scores[key] - (rivals[index]?.[key] ?? 0))),
  });
  return { accuracy: gain("accuracy"), f1: gain("f1") };
}

function bounds(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).toSorted();
  return { low: exact(sorted[beyond] ?? 0), high: exact(sorted.at(-1 - beyond) ?? 0) };
}

/** These are sums of ratios of whole numbers: what is left beyond twelve digits is noise. */
function exact(value: number): number {
  return Number(value.toFixed(12));
}

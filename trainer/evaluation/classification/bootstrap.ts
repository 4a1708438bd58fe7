import type { Interval } from "@updraft/contracts/interval";
import { createRandom } from "../../random.ts";
import { bounds, differenceOf, drawing, exact, resamples, type Difference } from "../resampling.ts";
import type { SliceGroup } from "../slices.ts";
import { cellsOf, scoresOf, type Cell, type Scores } from "./answer-cells.ts";
import { calibrationError, confidencesOf } from "./calibration.ts";
import { answersOf, losses, ratio } from "./measures.ts";
import { meanArea, rankings } from "./roc.ts";

/** What one or two classifiers said of the same examples. */
export interface Said {
  /** The true classes' indexes, `[n]`. */
  readonly labels: Int32Array;
  /** `[n, classes]`, row-major. */
  readonly probabilities: Float32Array;
  /** Those of the classifier that it is compared with, the same way. */
  readonly rival?: Float32Array | undefined;
  readonly slices: readonly SliceGroup[];
}

/** How far chance in the choice of examples moves what is measured on them. */
export interface ClassifierSpread {
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Of each class's recall. */
  readonly recalls: readonly Interval[];
  /** What the classifier has more than its rival; none without one. */
  readonly differences: Readonly<Record<"accuracy" | "f1", Difference>> | undefined;
  /** What the class that has lost most has less recall than with the rival. */
  readonly classRegression: (Difference & { readonly class: number }) | undefined;
}

/**
 * The spread of what is measured, by the percentile bootstrap: the examples are drawn again with
 * replacement a thousand times, as many of each class as there are. Both classifiers meet the same
 * draws, so what makes an example hard for both does not count as a difference. The same seed gives
 * the same numbers.
 * @see https://doi.org/10.1007/978-1-4899-4541-9 Efron and Tibshirani, chapters 8 and 13
 */
export function bootstrap(said: Said, seed: number): ClassifierSpread {
  const { labels, probabilities, rival } = said;
  const classes = probabilities.length / labels.length;
  const answers = answersOf(probabilities, classes);
  const rivals = rival && answersOf(rival, classes);
  const { cells, cellOf } = cellsOf({ labels, answers, rival: rivals, classes });
  const counts = counting(cells, cellOf);
  const sure = confidenceMeasures(said, answers);
  const rounds: { own: Scores; rival: Scores; sure: Readonly<Record<string, number>> }[] = [];
  const draw = drawing(groupsOf(labels, classes), createRandom(seed, "bootstrap"));
  for (let round = 0; round < resamples; round += 1) {
    const weights = draw();
    const drawn = counts(weights);
    const own = scoresOf(cells, drawn, "answer", classes);
    const other = rival ? scoresOf(cells, drawn, "rival", classes) : own;
    rounds.push({ own, rival: other, sure: sure(weights) });
  }
  const whole = counts(new Int32Array(labels.length).fill(1));
  const measured = {
    own: scoresOf(cells, whole, "answer", classes),
    rival: scoresOf(cells, whole, "rival", classes),
  };
  const all = {
    measured,
    own: rounds.map((one) => one.own),
    rival: rounds.map((one) => one.rival),
  };
  return {
    intervals: {
      ...intervalsOf(all.own),
      ...Object.fromEntries(
        Object.keys(rounds[0]?.sure ?? {}).map((key) => [
          key,
          bounds(rounds.map((one) => one.sure[key] ?? 0)),
        ]),
      ),
    },
    recalls: measured.own.recalls.map((_, index) =>
      bounds(all.own.map(({ recalls }) => recalls[index] ?? 0)),
    ),
    differences: rival && { accuracy: gain("accuracy", all), f1: gain("f1", all) },
    classRegression: rival && classRegression(all),
  };
}

/** The examples of each class. */
function groupsOf(labels: Int32Array, classes: number): Int32Array[] {
  const indexes = labels.map((_, index) => index);
  return Array.from({ length: classes }, (_, label) =>
    indexes.filter((index) => labels[index] === label),
  );
}

/** How many examples are in each cell. Scores follow from that, whatever is counted. */
function counting(cells: readonly Cell[], cellOf: Int32Array): (weights: Int32Array) => Int32Array {
  const counts = new Int32Array(cells.length);
  return (weights) => {
    counts.fill(0);
    for (let index = 0; index < cellOf.length; index += 1) {
      const cell = cellOf[index] ?? 0;
      counts[cell] = (counts[cell] ?? 0) + (weights[index] ?? 0);
    }
    return counts;
  };
}

/** What does not follow from the answers alone: what is measured of their probabilities. */
function confidenceMeasures(
  { probabilities, labels, slices }: Said,
  answers: Int32Array,
): (weights: Int32Array) => Readonly<Record<string, number>> {
  const ranked = rankings(probabilities, labels);
  const confidences = confidencesOf(probabilities, labels);
  const lost = Float64Array.from(losses(probabilities, labels));
  return (weights) => {
    const rocAuc = meanArea(ranked, weights);
    const worst = worstSlice(slices, weights, (index) => answers[index] === labels[index]);
    return {
      ...(rocAuc === undefined ? {} : { rocAuc }),
      logLoss: weightedMean(lost, weights),
      ece: calibrationError(confidences, weights),
      ...(worst === undefined ? {} : { minAccuracyPerSlice: worst }),
    };
  };
}

/** Accuracy of the worst slice that has examples. */
function worstSlice(
  slices: readonly SliceGroup[],
  weights: Int32Array,
  isRight: (index: number) => boolean,
): number | undefined {
  let worst: number | undefined;
  for (const { indexes } of slices) {
    let [right, all] = [0, 0];
    for (const index of indexes) {
      const weight = weights[index] ?? 0;
      all += weight;
      if (isRight(index)) right += weight;
    }
    if (all > 0) worst = Math.min(worst ?? Infinity, ratio(right, all));
  }
  return worst;
}

function weightedMean(values: Float64Array, weights: Int32Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    sum += (values[index] ?? 0) * (weights[index] ?? 0);
  }
  return sum / values.length;
}

const measuredKeys = ["accuracy", "f1", "precision", "recall", "minRecallPerClass"] as const;

function intervalsOf(own: readonly Scores[]): Record<string, Interval> {
  return Object.fromEntries(
    measuredKeys.map((key) => [key, bounds(own.map((scores) => scores[key]))]),
  );
}

interface Paired {
  readonly measured: { readonly own: Scores; readonly rival: Scores };
  readonly own: readonly Scores[];
  readonly rival: readonly Scores[];
}

function gain(key: "accuracy" | "f1", { measured, own, rival }: Paired): Difference {
  const of = (scores: Scores) => scores[key];
  return differenceOf(
    { own: of(measured.own), rival: of(measured.rival) },
    own.map(of),
    rival.map(of),
  );
}

function classRegression({ measured, own, rival }: Paired) {
  const found = dropsOf(measured.own, measured.rival);
  const value = Math.max(...found);
  return {
    class: found.indexOf(value),
    value: exact(value),
    ...bounds(own.map((scores, index) => Math.max(...dropsOf(scores, rival[index])))),
  };
}

/** What each class has less recall than before. */
function dropsOf({ recalls }: Scores, before: Scores | undefined): number[] {
  return recalls.map((recall, index) => (before?.recalls[index] ?? 0) - recall);
}

import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { bootstrap, type Said } from "./bootstrap.ts";
import { calibrationError, confidencesOf } from "./calibration.ts";
import { measure } from "./measures.ts";
import { meanArea, rankings } from "./roc.ts";

interface Answered {
  readonly labels: Int32Array;
  readonly answers: Int32Array;
  readonly rival?: Int32Array;
  readonly classes: number;
}

/** Each answer with a probability of 1. */
function sureOf(answers: Int32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(classes * answers.length);
  for (const [row, answer] of answers.entries()) probabilities[classes * row + answer] = 1;
  return probabilities;
}

function said({ labels, answers, rival, classes }: Answered): Said {
  return {
    labels,
    probabilities: sureOf(answers, classes),
    rival: rival && sureOf(rival, classes),
    slices: [],
  };
}

/** Examples of three classes; one classifier errs at every seventh, its rival at every fifth. */
function twoClassifiers(count: number) {
  const labels = Int32Array.from({ length: count }, (_, index) => index % 3);
  const wrongAt = (every: number) =>
    labels.map((label, index) => (index % every === 0 ? (label + 1) % 3 : label));
  return { labels, answers: wrongAt(7), rival: wrongAt(5), classes: 3 };
}

/** The 26th from either end. */
function bounds(values: readonly number[]) {
  const sorted = values.map((value) => Number(value.toFixed(12))).toSorted((a, b) => a - b);
  return { low: sorted[25], high: sorted[974] };
}

/** The same by drawing examples and measuring each draw anew. */
function byMeasuring({ labels, answers, rival }: ReturnType<typeof twoClassifiers>, seed: number) {
  const random = createRandom(seed, "bootstrap");
  const all = [...labels.keys()];
  const groups = [0, 1, 2].map((label) => all.filter((index) => labels[index] === label));
  const draws = Array.from({ length: 1000 }, () =>
    groups.flatMap((group) => group.map(() => group[Math.floor(random() * group.length)] ?? 0)),
  );
  const scores = (of: Int32Array) =>
    draws.map((draw) => {
      const probabilities = sureOf(
        Int32Array.from(draw, (index) => of[index] ?? 0),
        3,
      );
      const truth = Int32Array.from(draw, (index) => labels[index] ?? 0);
      return {
        ...measure(probabilities, truth, ["a", "b", "c"]),
        rocAuc: meanArea(rankings(probabilities, truth)) ?? 0,
        ece: calibrationError(confidencesOf(probabilities, truth)),
      };
    });
  const [own, other] = [scores(answers), scores(rival)];
  const gain = (key: "accuracy" | "f1") =>
    bounds(own.map((one, index) => one[key] - (other[index]?.[key] ?? 0)));
  const recalls = own.map(({ classes }) => classes.map(({ recall }) => recall));
  const drops = recalls.map((mine, index) =>
    mine.map((recall, one) => (other[index]?.classes[one]?.recall ?? 0) - recall),
  );
  const ofAll = (key: "accuracy" | "f1" | "precision" | "recall" | "rocAuc" | "ece" | "logLoss") =>
    bounds(own.map((one) => one[key]));
  return {
    intervals: {
      accuracy: ofAll("accuracy"),
      f1: ofAll("f1"),
      precision: ofAll("precision"),
      recall: ofAll("recall"),
      minRecallPerClass: bounds(recalls.map((mine) => Math.min(...mine))),
      rocAuc: ofAll("rocAuc"),
      logLoss: ofAll("logLoss"),
      ece: ofAll("ece"),
    },
    recalls: [0, 1, 2].map((one) => bounds(recalls.map((mine) => mine[one] ?? 0))),
    gains: { accuracy: gain("accuracy"), f1: gain("f1") },
    drops: bounds(drops.map((mine) => Math.max(...mine))),
  };
}

describe("bootstrap", () => {
  it("gives what a thousand draws give that are measured one by one", () => {
    const all = twoClassifiers(120);
    const { intervals, recalls, differences, classRegression } = bootstrap(said(all), 7);
    const { gains, drops, ...expected } = byMeasuring(all, 7);
    expect({ intervals, recalls }).toEqual(expected);
    // Of each class 6 of 40 answers are wrong, and 8 of the rival's: no class has lost anything.
    expect(classRegression).toEqual({ class: 0, value: -0.05, ...drops });
    expect(differences).toEqual({
      accuracy: { value: Number((102 / 120 - 96 / 120).toFixed(12)), ...gains.accuracy },
      f1: { value: expect.closeTo(0.05, 2), ...gains.f1 },
    });
  });

  it("gives the same for the same seed, with a rival or without, and other numbers for another", () => {
    const { rival, ...alone } = twoClassifiers(300);
    const first = bootstrap(said({ ...alone, rival }), 1);
    expect(bootstrap(said({ ...alone, rival }), 1)).toEqual(first);
    const { intervals, recalls } = first;
    expect(bootstrap(said(alone), 1)).toEqual({
      intervals,
      recalls,
      differences: undefined,
      classRegression: undefined,
    });
    expect(bootstrap(said(alone), 2).intervals).not.toEqual(intervals);
  });

  it("comes close to the normal distribution where there are many examples", () => {
    const labels = Int32Array.from({ length: 2000 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index % 20 < 2 ? 1 - label : label));
    const { accuracy } = bootstrap(said({ labels, answers, classes: 2 }), 1).intervals;
    const margin = 1.96 * Math.sqrt((0.9 * 0.1) / 2000);
    expect(accuracy?.low).toBeCloseTo(0.9 - margin, 2);
    expect(accuracy?.high).toBeCloseTo(0.9 + margin, 2);
  });

  it("is narrower for a difference than chance in two samples would be", () => {
    const labels = Int32Array.from({ length: 1000 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index % 10 < 2 ? 1 - label : label));
    const rival = answers.map((answer, index) => (index === 5 ? 1 - answer : answer));
    const { differences, intervals } = bootstrap(said({ labels, answers, rival, classes: 2 }), 1);
    expect(differences?.accuracy).toEqual({ value: 0.001, low: 0, high: 0.003 });
    const { low = 0, high = 0 } = intervals["accuracy"] ?? {};
    expect(high - low).toBeGreaterThan(0.04);
  });

  it("finds no difference between a classifier and itself", () => {
    const { answers, labels } = twoClassifiers(60);
    const zero = { value: 0, low: 0, high: 0 };
    const itself = bootstrap(said({ labels, answers, rival: answers, classes: 3 }), 1);
    expect(itself.differences).toEqual({ accuracy: zero, f1: zero });
    expect(itself.classRegression).toEqual({ class: 0, ...zero });
  });

  it("leaves no doubt where every answer is right, and keeps a class that is rare", () => {
    const labels = Int32Array.from({ length: 100 }, (_, index) => (index === 0 ? 1 : 0));
    const sure = { low: 1, high: 1 };
    expect(bootstrap(said({ labels, answers: labels, classes: 2 }), 1).intervals).toEqual({
      accuracy: sure,
      f1: sure,
      precision: sure,
      recall: sure,
      minRecallPerClass: sure,
      rocAuc: sure,
      logLoss: { low: 0, high: 0 },
      ece: { low: 0, high: 0 },
    });
  });

  it("bounds the accuracy of the worst slice", () => {
    const labels = Int32Array.from({ length: 40 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index < 2 ? 1 - label : label));
    const slices = [
      { slice: "site", value: "a", indexes: Int32Array.from({ length: 4 }, (_, at) => at) },
      { slice: "site", value: "b", indexes: Int32Array.from({ length: 36 }, (_, at) => at + 4) },
    ];
    const { intervals } = bootstrap({ ...said({ labels, answers, classes: 2 }), slices }, 1);
    expect(intervals["minAccuracyPerSlice"]).toEqual({ low: 0, high: 1 });
  });
});

import { describe, expect, it } from "vitest";
import { createRandom } from "../random.ts";
import { bootstrap } from "./bootstrap.ts";
import { measure } from "./measures.ts";

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
      const probabilities = new Float32Array(3 * draw.length);
      for (const [row, index] of draw.entries()) probabilities[3 * row + (of[index] ?? 0)] = 1;
      const truth = Int32Array.from(draw, (index) => labels[index] ?? 0);
      return measure(probabilities, truth, ["a", "b", "c"]);
    });
  const [own, other] = [scores(answers), scores(rival)];
  const gain = (key: "accuracy" | "f1") =>
    bounds(own.map((one, index) => one[key] - (other[index]?.[key] ?? 0)));
  return {
    accuracy: bounds(own.map(({ accuracy }) => accuracy)),
    f1: bounds(own.map(({ f1 }) => f1)),
    minRecallPerClass: bounds(
      own.map(({ classes }) => Math.min(...classes.map(({ recall }) => recall))),
    ),
    gains: { accuracy: gain("accuracy"), f1: gain("f1") },
  };
}

describe("bootstrap", () => {
  it("gives what a thousand draws give that are measured one by one", () => {
    const all = twoClassifiers(120);
    const { intervals, differences } = bootstrap(all, 7);
    const { gains, ...expected } = byMeasuring(all, 7);
    expect(intervals).toEqual(expected);
    expect(differences).toEqual({
      accuracy: { value: Number((102 / 120 - 96 / 120).toFixed(12)), ...gains.accuracy },
      f1: { value: expect.closeTo(0.05, 2), ...gains.f1 },
    });
  });

  it("gives the same for the same seed, with a rival or without, and other numbers for another", () => {
    const { rival, ...alone } = twoClassifiers(300);
    const first = bootstrap({ ...alone, rival }, 1);
    expect(bootstrap({ ...alone, rival }, 1)).toEqual(first);
    expect(bootstrap(alone, 1)).toEqual({ intervals: first.intervals, differences: undefined });
    expect(bootstrap(alone, 2).intervals).not.toEqual(first.intervals);
  });

  it("comes close to the normal distribution where there are many examples", () => {
    const labels = Int32Array.from({ length: 2000 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index % 20 < 2 ? 1 - label : label));
    const { accuracy } = bootstrap({ labels, answers, classes: 2 }, 1).intervals;
    const margin = 1.96 * Math.sqrt((0.9 * 0.1) / 2000);
    expect(accuracy.low).toBeCloseTo(0.9 - margin, 2);
    expect(accuracy.high).toBeCloseTo(0.9 + margin, 2);
  });

  it("is narrower for a difference than chance in two samples would be", () => {
    const labels = Int32Array.from({ length: 1000 }, (_, index) => index % 2);
    const answers = labels.map((label, index) => (index % 10 < 2 ? 1 - label : label));
    const rival = answers.map((answer, index) => (index === 5 ? 1 - answer : answer));
    const { differences, intervals } = bootstrap({ labels, answers, rival, classes: 2 }, 1);
    expect(differences?.["accuracy"]).toEqual({ value: 0.001, low: 0, high: 0.003 });
    expect(intervals.accuracy.high - intervals.accuracy.low).toBeGreaterThan(0.04);
  });

  it("finds no difference between a classifier and itself", () => {
    const { answers, labels } = twoClassifiers(60);
    const zero = { value: 0, low: 0, high: 0 };
    expect(bootstrap({ labels, answers, rival: answers, classes: 3 }, 1).differences).toEqual({
      accuracy: zero,
      f1: zero,
    });
  });

  it("leaves no doubt where every answer is right, and keeps a class that is rare", () => {
    const labels = Int32Array.from({ length: 100 }, (_, index) => (index === 0 ? 1 : 0));
    const sure = { low: 1, high: 1 };
    expect(bootstrap({ labels, answers: labels, classes: 2 }, 1).intervals).toEqual({
      accuracy: sure,
      f1: sure,
      minRecallPerClass: sure,
    });
  });
});

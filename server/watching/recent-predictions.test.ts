import { describe, expect, it } from "vitest";
import { LiveAccuracy } from "./live-accuracy.ts";
import { predictedClasses } from "./predicted-classes.ts";
import { RecentPredictions } from "./recent-predictions.ts";

const prediction = (...predicted: number[]) => ({
  model: "digits",
  version: "1",
  accuracy: new LiveAccuracy(1),
  labels: ["0", "1"],
  predicted,
});

describe("RecentPredictions", () => {
  it("forgets the oldest requests when there are too many instances", () => {
    const recent = new RecentPredictions(4);
    recent.remember("a", prediction(0));
    recent.remember("b", prediction(1, 1));
    recent.remember("c", prediction(0));
    expect(recent.find("a")?.predicted).toEqual([0]);
    recent.remember("d", prediction(1, 0));
    expect(["a", "b", "c", "d"].filter((id) => recent.find(id))).toEqual(["c", "d"]);
  });

  it("keeps the last of those with the same id, also when an earlier one is forgotten", () => {
    const recent = new RecentPredictions(3);
    recent.remember("a", prediction(0));
    recent.remember("a", prediction(1));
    recent.remember("b", prediction(0));
    recent.remember("c", prediction(0));
    expect(recent.find("a")?.predicted).toEqual([1]);
    recent.remember("d", prediction(0));
    expect(["a", "b", "c", "d"].filter((id) => recent.find(id))).toEqual(["b", "c", "d"]);
  });
});

describe("LiveAccuracy", () => {
  it("is of the last ones, and unknown before the first", () => {
    const accuracy = new LiveAccuracy(4);
    expect(accuracy.value).toBeUndefined();
    for (const isCorrect of [true, true, true, false]) accuracy.tell(isCorrect);
    expect([accuracy.value, accuracy.count]).toEqual([0.75, 4]);
    accuracy.tell(false);
    expect([accuracy.value, accuracy.count]).toEqual([0.5, 4]);
    for (const _ of Array(4)) accuracy.tell(true);
    expect([accuracy.value, accuracy.count]).toEqual([1, 4]);
  });
});

describe("predictedClasses", () => {
  it("is the class that is most likely, the first one of equals", () => {
    const answers = Float32Array.of(0.1, 0.7, 0.2, 0.4, 0.2, 0.4, 0, 0, 1);
    expect(predictedClasses(answers, 3)).toEqual([1, 0, 2]);
  });
});

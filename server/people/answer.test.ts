import { describe, expect, it } from "vitest";
import { answerOf } from "./answer.ts";

const output = { name: "y", datatype: "FP32" as const };

describe("answerOf", () => {
  it("names the class that is most likely, and says how likely every one is", () => {
    const flowers = { ...output, shape: [-1, 3], labels: ["setosa", "versicolor", "virginica"] };
    expect(answerOf(Float32Array.of(0.25, 0.5, 0.25), flowers)).toEqual({
      prediction: 1,
      label: "versicolor",
      probabilities: { setosa: 0.25, versicolor: 0.5, virginica: 0.25 },
    });
  });

  it("takes the first of two classes that are as likely", () => {
    const coin = { ...output, shape: [-1, 2], labels: ["heads", "tails"] };
    expect(answerOf(Float32Array.of(0.5, 0.5), coin)).toMatchObject({ label: "heads" });
  });

  it("keeps a class whose name means something to JavaScript", () => {
    const odd = { ...output, shape: [-1, 2], labels: ["__proto__", "b"] };
    expect(JSON.stringify(answerOf(Float32Array.of(1, 0), odd))).toBe(
      '{"prediction":0,"label":"__proto__","probabilities":{"__proto__":1,"b":0}}',
    );
  });

  it.each([
    [[-1, 1], [3], 3],
    [[-1], [3], 3],
    [
      [-1, 2],
      [1, 2],
      [1, 2],
    ],
    [
      [-1, 2, 2],
      [1, 2, 3, 4],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      [-1, 2, 1],
      [1, 2],
      [[1], [2]],
    ],
  ])("gives values in the shape %j, and one alone as a number", (shape, values, prediction) => {
    expect(answerOf(Float32Array.from(values), { ...output, shape })).toEqual({ prediction });
  });
});

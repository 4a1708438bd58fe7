import { expect, it } from "vitest";
import { worstMistakes } from "./mistakes.ts";

const originOf = (index: number) => `rows.csv, line ${index + 2}`;

it("lists the wrong answers, surest first, as many as asked for", () => {
  const probabilities = Float32Array.of(0.75, 0.25, 0.25, 0.75, 0.875, 0.125, 0.625, 0.375);
  const labels = Int32Array.of(1, 1, 1, 1);
  expect(worstMistakes(probabilities, { labels }, ["no", "yes"], 2)).toEqual([
    { index: 2, truth: "yes", answer: "no", probability: 0.875, truthProbability: 0.125 },
    { index: 0, truth: "yes", answer: "no", probability: 0.75, truthProbability: 0.25 },
  ]);
  expect(worstMistakes(probabilities, { labels, originOf }, ["no", "yes"], 1)).toMatchObject([
    { index: 2, origin: "rows.csv, line 4" },
  ]);
});

import { expect, it } from "vitest";
import { cellsOf, scoresOf } from "./answer-cells.ts";
import { measure } from "./measures.ts";

const labels = Int32Array.of(0, 1, 2, 0, 1, 2, 0);
const answers = Int32Array.of(0, 1, 1, 0, 0, 2, 0);
const rival = Int32Array.of(0, 2, 2, 0, 0, 2, 1);

it("puts examples together that nothing tells apart", () => {
  expect(cellsOf({ labels, answers, rival, classes: 3 })).toEqual({
    cells: [
      { label: 0, answer: 0, rival: 0 },
      { label: 1, answer: 1, rival: 2 },
      { label: 2, answer: 1, rival: 2 },
      { label: 1, answer: 0, rival: 0 },
      { label: 2, answer: 2, rival: 2 },
      { label: 0, answer: 0, rival: 1 },
    ],
    cellOf: Int32Array.of(0, 1, 2, 0, 3, 4, 5),
  });
});

it("scores as the measures do", () => {
  const { cells } = cellsOf({ labels, answers, rival, classes: 3 });
  const counts = Int32Array.of(2, 1, 1, 1, 1, 1);
  for (const [whose, given] of [
    ["answer", answers],
    ["rival", rival],
  ] as const) {
    const probabilities = new Float32Array(21);
    for (const [row, answer] of given.entries()) probabilities[3 * row + answer] = 1;
    const measures = measure(probabilities, labels, ["a", "b", "c"]);
    const { accuracy, f1, precision, recall, classes } = measures;
    const recalls = classes.map((one) => one.recall);
    expect(scoresOf(cells, counts, whose, 3)).toEqual({
      accuracy,
      f1,
      precision,
      recall,
      minRecallPerClass: Math.min(...recalls),
      recalls,
    });
  }
});

it("says which class there is none of", () => {
  const { cells } = cellsOf({ labels, answers, classes: 2 });
  expect(() => scoresOf(cells, new Int32Array(7), "answer", 2)).toThrow("there is no class 2");
});

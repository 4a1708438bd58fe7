import { ratio, recallAndF1, type ClassCounts } from "./measures.ts";

/** What one or two classifiers answered for the same examples. */
export interface Answers {
  /** The true classes' indexes, `[n]`. */
  readonly labels: Int32Array;
  /** The answers' indexes, `[n]`. */
  readonly answers: Int32Array;
  /** Those of the classifier that it is compared with, `[n]`. */
  readonly rival?: Int32Array | undefined;
  /** How many classes there are. */
  readonly classes: number;
}

/** Examples that nothing tells apart: of one class, with the same answers. */
export interface Cell {
  readonly label: number;
  readonly answer: number;
  readonly rival: number;
}

/** Which cells there are, and in which of them each example is. */
export interface Cells {
  readonly cells: readonly Cell[];
  /** Index of each example's cell, `[n]`. */
  readonly cellOf: Int32Array;
}

/** What follows from the answers alone; shares of 1. */
export interface Scores {
  readonly accuracy: number;
  /** Plain means over the classes. */
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly minRecallPerClass: number;
  /** Of each class. */
  readonly recalls: readonly number[];
}

/** Sorts examples into cells, which come in the order of their first examples. */
export function cellsOf({ labels, answers, rival, classes }: Answers): Cells {
  const cells: Cell[] = [];
  const known = new Map<number, number>();
  const cellOf = labels.map((label, index) => {
    const cell = { label, answer: answers[index] ?? 0, rival: rival?.[index] ?? 0 };
    const key = (cell.label * classes + cell.answer) * classes + cell.rival;
    const position = known.get(key) ?? cells.push(cell) - 1;
    known.set(key, position);
    return position;
  });
  return { cells, cellOf };
}

/**
 * What a classifier scores where there are this many examples of each cell.
 * @param whose answers count
 */
export function scoresOf(
  cells: readonly Cell[],
  counts: Int32Array,
  whose: "answer" | "rival",
  classes: number,
): Scores {
  const tallies = Array.from({ length: classes }, () => ({ right: 0, answered: 0, support: 0 }));
  for (const [position, { label, [whose]: answer }] of cells.entries()) {
    const count = counts[position] ?? 0;
    const [truth, answered] = [tallies[label], tallies[answer]];
    if (!truth || !answered) throw new Error(`there is no class ${truth ? answer : label}`);
    truth.support += count;
    answered.answered += count;
    if (truth === answered) truth.right += count;
  }
  return scoresOfTallies(tallies);
}

function scoresOfTallies(tallies: readonly ClassCounts[]): Scores {
  let [right, all, f1, precision, recall] = [0, 0, 0, 0, 0];
  const recalls: number[] = [];
  for (const tally of tallies) {
    const one = recallAndF1(tally);
    right += tally.right;
    all += tally.support;
    f1 += one.f1;
    precision += ratio(tally.right, tally.answered);
    recall += one.recall;
    recalls.push(one.recall);
  }
  return {
    accuracy: ratio(right, all),
    f1: f1 / tallies.length,
    precision: precision / tallies.length,
    recall: recall / tallies.length,
    minRecallPerClass: Math.min(...recalls),
    recalls,
  };
}

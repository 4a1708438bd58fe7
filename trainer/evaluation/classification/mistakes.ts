import type { Examples } from "@updraft/models/dataset";
import { answersOf } from "./measures.ts";

/** An example that was taken for another class. */
export interface Mistake {
  /** Index in the test split. */
  readonly index: number;
  /** Where it comes from, where the data says so. */
  readonly origin?: string;
  readonly truth: string;
  readonly answer: string;
  /** Probability of the answer, and of the truth. */
  readonly probability: number;
  readonly truthProbability: number;
}

/** The wrong answers that the network was surest of, surest first. */
export function worstMistakes(
  probabilities: Float32Array,
  { labels, originOf }: Pick<Examples<Int32Array>, "labels" | "originOf">,
  names: readonly string[],
  limit: number,
): Mistake[] {
  const at = (index: number, name: number) => probabilities[index * names.length + name] ?? 0;
  return [...answersOf(probabilities, names.length)]
    .map((answer, index) => ({ answer, index, truth: labels[index] ?? 0 }))
    .filter(({ answer, truth }) => answer !== truth)
    .map(({ answer, index, truth }) => ({
      index,
      ...(originOf ? { origin: originOf(index) } : {}),
      truth: names[truth] ?? "",
      answer: names[answer] ?? "",
      probability: at(index, answer),
      truthProbability: at(index, truth),
    }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, limit);
}

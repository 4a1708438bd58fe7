import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Interval } from "@updraft/contracts/interval";
import type { Task } from "@updraft/contracts/rule-facts";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import { classificationEvaluator } from "./classification/evaluator.ts";
import { regressionEvaluator } from "./regression/evaluator.ts";
import type { Difference } from "./resampling.ts";
import type { SliceMeasures } from "./slices.ts";

/** What a network did on examples that it has not seen. */
export interface Evaluation {
  /** Its answers, `[n, outputs]`, row-major. */
  readonly answers: Float32Array;
  /** Measures by name, the same on every machine and at every time. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Recall of each class, in the order of the classes; empty for a regressor. */
  readonly classes: readonly { readonly label: string; readonly recall: number }[];
  /** Empty where the data has no slices. */
  readonly slices: readonly SliceMeasures[];
}

/** How far chance in the choice of examples moves what is measured on them. */
export interface Spread {
  /** Of measures, by name. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Of each class's recall, in the order of the classes; empty for a regressor. */
  readonly recalls: readonly Interval[];
  /** What it has more than its rival, by measure; none without a rival. */
  readonly differences: Readonly<Record<string, Difference>> | undefined;
  /** What the class that has lost most has less recall than with the rival. */
  readonly classRegression: (Difference & { readonly class: number }) | undefined;
}

/** What is measured of models of one kind. */
export interface Evaluator {
  readonly task: Task;
  /** @throws if the answers are not as many as the examples want */
  measure(answers: Float32Array, test: Examples): Evaluation;
  /**
   * @param rival answers of another model for the same examples
   * @param seed the same one gives the same numbers
   */
  spread(
    answers: Float32Array,
    rival: Float32Array | undefined,
    test: Examples,
    seed: number,
  ): Spread;
  /** The files under `evaluation/`: each subject as JSON and as a picture. */
  report(answers: Float32Array, test: Examples): Promise<FileContents>;
}

/** The evaluator of a model: classes are told apart where its output has labels. */
export function evaluatorOf(definition: Pick<ModelDefinition, "input" | "output">): Evaluator {
  const { labels } = definition.output;
  return labels
    ? classificationEvaluator(definition.input, labels)
    : regressionEvaluator(definition.input, definition.output);
}

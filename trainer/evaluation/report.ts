import type { FileContents } from "@updraft/contracts/artifact-store";
import { classified, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { History } from "../training/history.ts";
import { classPlot } from "./class-plot.ts";
import { confusionPlot } from "./confusion-plot.ts";
import type { Evaluation } from "./evaluate.ts";
import { learningPlot } from "./learning-plot.ts";
import { worstMistakes } from "./mistakes.ts";
import { mistakesPlot } from "./mistakes-plot.ts";

/** How many mistakes are shown. */
const shownMistakes = 24;

/**
 * The files under `evaluation/` of a package: each subject as JSON and as a picture.
 * @param history undefined if nothing is known of the training
 */
export function evaluationReport(
  { input, output }: Pick<ModelDefinition, "input" | "output">,
  history: History | undefined,
  evaluation: Evaluation,
  test: Examples,
): FileContents {
  const { confusion, classes, probabilities } = evaluation;
  const labels = output.labels ?? [];
  const mistakes = worstMistakes(probabilities, classified(test).labels, labels, shownMistakes);
  return {
    "evaluation/confusion-matrix.json": toJson({ labels, counts: confusion }),
    "evaluation/confusion-matrix.svg": confusionPlot(evaluation),
    ...(history ? historyFiles(history) : {}),
    "evaluation/per-class.json": toJson(classes),
    "evaluation/per-class.svg": classPlot(classes),
    "evaluation/worst-mistakes.json": toJson(mistakes),
    "evaluation/worst-mistakes.svg": mistakesPlot(mistakes, test, input.shape.slice(1)),
  };
}

/** Where a package says how its training went. */
export const historyFile = "evaluation/learning-curves.json";

/** How training went, as JSON and as a picture. */
export function historyFiles(history: History): FileContents {
  return {
    [historyFile]: toJson(history),
    "evaluation/learning-curves.svg": learningPlot(history),
  };
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

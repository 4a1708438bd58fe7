import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Examples } from "@updraft/models/dataset";
import type { History } from "../training/history.ts";
import type { Evaluation, Evaluator } from "./evaluator.ts";
import { learningPlot } from "./plots/learning-plot.ts";
import { toJson } from "./to-json.ts";

/**
 * The files under `evaluation/` of a package: each subject as JSON and as a picture.
 * @param history undefined if nothing is known of the training
 */
export async function evaluationReport(
  evaluator: Evaluator,
  history: History | undefined,
  { answers }: Pick<Evaluation, "answers">,
  test: Examples,
): Promise<FileContents> {
  return {
    ...(history ? await historyFiles(history) : {}),
    ...(await evaluator.report(answers, test)),
  };
}

/** Where a package says how its training went. */
export const historyFile = "evaluation/learning-curves.json";

/** How training went, as JSON and as a picture. */
export async function historyFiles(history: History): Promise<FileContents> {
  return {
    [historyFile]: toJson(history),
    "evaluation/learning-curves.svg": await learningPlot(history),
  };
}

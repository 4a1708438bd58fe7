import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Examples } from "@updraft/models/dataset";
import { examplePlot, type ShownFrom } from "../plots/example-plot.ts";
import { sliceFiles, type SliceMeasures } from "../slices.ts";
import { toJson } from "../to-json.ts";
import { calibrationError, calibrationOf, confidencesOf } from "./calibration.ts";
import { calibrationPlot } from "./calibration-plot.ts";
import { classPlot } from "./class-plot.ts";
import { confusionPlot } from "./confusion-plot.ts";
import { measure } from "./measures.ts";
import { worstMistakes, type Mistake } from "./mistakes.ts";
import { rocOf } from "./roc.ts";
import { rocPlot } from "./roc-plot.ts";

/** How many mistakes are shown. */
const shownMistakes = 24;

/** What a classifier's report is made from. */
export interface Reported {
  /** `[n, classes]`, row-major. */
  readonly answers: Float32Array;
  readonly test: Examples<Int32Array>;
  /** Of the classes. */
  readonly names: readonly string[];
  readonly input: ShownFrom["input"];
  readonly slices: readonly SliceMeasures[];
}

/** How well a classifier did, as JSON and as pictures, by path. */
export async function classificationReport(reported: Reported): Promise<FileContents> {
  const { answers, test, names, input, slices } = reported;
  const measures = measure(answers, test.labels, names);
  const { confusion, classes, precision, recall, f1, weighted, micro } = measures;
  const roc = rocOf(answers, test.labels, names);
  const confidences = confidencesOf(answers, test.labels);
  const calibration = {
    expectedError: calibrationError(confidences),
    bins: calibrationOf(confidences),
  };
  const mistakes = worstMistakes(answers, test, names, shownMistakes);
  const perClass = classes.map((one, index) => ({ ...one, rocAuc: roc[index]?.auc }));
  return {
    "evaluation/confusion-matrix.json": toJson({ labels: names, counts: confusion }),
    "evaluation/confusion-matrix.svg": await confusionPlot(measures),
    "evaluation/per-class.json": toJson(perClass),
    "evaluation/per-class.svg": await classPlot(classes),
    "evaluation/averages.json": toJson({ macro: { precision, recall, f1 }, weighted, micro }),
    "evaluation/roc.json": toJson(roc),
    "evaluation/roc.svg": await rocPlot(roc),
    "evaluation/calibration.json": toJson(calibration),
    "evaluation/calibration.svg": await calibrationPlot(
      calibration.bins,
      calibration.expectedError,
    ),
    "evaluation/worst-mistakes.json": toJson(mistakes),
    "evaluation/worst-mistakes.svg": await examplePlot("Worst mistakes", mistakes.map(inWords), {
      examples: test,
      input,
    }),
    ...sliceFiles(slices),
  };
}

function inWords({ index, truth, answer, probability }: Mistake) {
  return {
    index,
    title: `${truth} read as ${answer}`,
    note: `sure to ${(100 * probability).toFixed(1)} %`,
  };
}

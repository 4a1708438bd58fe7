import { classified, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { Evaluator } from "../evaluator.ts";
import { rowsAt, sliceGroups, type SliceMeasures } from "../slices.ts";
import { bootstrap } from "./bootstrap.ts";
import { calibrationError, confidencesOf } from "./calibration.ts";
import { measure, type Measures } from "./measures.ts";
import { classificationReport } from "./report.ts";
import { meanArea, rankings } from "./roc.ts";

/** Judges classifiers: what they answer are probabilities, `[n, classes]`. */
export function classificationEvaluator(
  input: ModelDefinition["input"],
  names: readonly string[],
): Evaluator {
  return {
    task: "classification",
    measure(answers, test) {
      requireClasses(answers, test, names);
      const { labels } = classified(test);
      const measures = measure(answers, labels, names);
      const slices = sliceMeasures(answers, test, names);
      const rocAuc = meanArea(rankings(answers, labels));
      return {
        answers,
        metrics: {
          ...numbersOf(measures),
          ...(rocAuc === undefined ? {} : { rocAuc }),
          ece: calibrationError(confidencesOf(answers, labels)),
          ...worstOf(slices),
        },
        classes: measures.classes,
        slices,
      };
    },
    spread(answers, rival, test, seed) {
      const { labels } = classified(test);
      return bootstrap({ labels, probabilities: answers, rival, slices: sliceGroups(test) }, seed);
    },
    report: (answers, test) =>
      classificationReport({
        answers,
        test: classified(test),
        names,
        input,
        slices: sliceMeasures(answers, test, names),
      }),
  };
}

function requireClasses(answers: Float32Array, test: Examples, names: readonly string[]): void {
  const classes = answers.length / test.count;
  if (classes === names.length) return;
  throw new Error(`it tells ${classes} classes apart, and the test split has ${names.length}`);
}

function numbersOf(measures: Measures) {
  const { accuracy, f1, precision, recall, logLoss, classes, micro, weighted } = measures;
  return {
    accuracy,
    f1,
    f1Micro: micro.f1,
    f1Weighted: weighted.f1,
    precision,
    recall,
    minRecallPerClass: Math.min(...classes.map((one) => one.recall)),
    logLoss,
  };
}

function sliceMeasures(
  answers: Float32Array,
  test: Examples,
  names: readonly string[],
): SliceMeasures[] {
  const { labels } = classified(test);
  return sliceGroups(test).map(({ slice, value, indexes }) => {
    const found = measure(
      rowsAt(answers, names.length, indexes),
      rowsAt(labels, 1, indexes),
      names,
    );
    const { accuracy, weighted, logLoss } = found;
    const metrics = { accuracy, f1Weighted: weighted.f1, logLoss };
    return { slice, value, count: indexes.length, metrics };
  });
}

function worstOf(slices: readonly SliceMeasures[]): Record<string, number> {
  if (slices.length === 0) return {};
  return {
    minAccuracyPerSlice: Math.min(...slices.map(({ metrics }) => metrics["accuracy"] ?? 0)),
  };
}

import { instanceLength } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { Evaluator } from "../evaluator.ts";
import { rowsAt, sliceGroups, type SliceMeasures } from "../slices.ts";
import { bootstrapEstimates } from "./bootstrap.ts";
import { measureEstimates, type Estimates } from "./measures.ts";
import { regressionReport } from "./report.ts";

/** Judges regressors: what they answer are the values themselves, `[n, outputs]`. */
export function regressionEvaluator(
  input: ModelDefinition["input"],
  output: ModelDefinition["output"],
): Evaluator {
  const outputs = instanceLength(output);
  const estimatesOf = (answers: Float32Array, test: Examples): Estimates => {
    const { labels, count } = test;
    const given = answers.length / count;
    if (given !== outputs)
      throw new Error(`it gives ${given} values, and the test split has ${outputs}`);
    if (labels instanceof Float32Array) return { answers, labels, outputs };
    throw new Error("the examples are labelled with classes; expected values");
  };
  return {
    task: "regression",
    measure(answers, test) {
      const estimates = estimatesOf(answers, test);
      const slices = sliceMeasures(estimates, test);
      const metrics = { ...measureEstimates(estimates), ...worstOf(slices) };
      return { answers, metrics, classes: [], slices };
    },
    spread(answers, rival, test, seed) {
      const slices = sliceGroups(test);
      const spread = bootstrapEstimates({ ...estimatesOf(answers, test), rival, slices }, seed);
      return { ...spread, recalls: [], classRegression: undefined };
    },
    report(answers, test) {
      const estimates = estimatesOf(answers, test);
      const slices = sliceMeasures(estimates, test);
      return regressionReport({ estimates, test, input, slices });
    },
  };
}

function sliceMeasures({ answers, labels, outputs }: Estimates, test: Examples): SliceMeasures[] {
  return sliceGroups(test).map(({ slice, value, indexes }) => {
    const { r2, rmse, mae, meanBias } = measureEstimates({
      answers: rowsAt(answers, outputs, indexes),
      labels: rowsAt(labels, outputs, indexes),
      outputs,
    });
    return { slice, value, count: indexes.length, metrics: { r2, rmse, mae, meanBias } };
  });
}

function worstOf(slices: readonly SliceMeasures[]): Record<string, number> {
  if (slices.length === 0) return {};
  return { maxRmsePerSlice: Math.max(...slices.map(({ metrics }) => metrics["rmse"] ?? 0)) };
}

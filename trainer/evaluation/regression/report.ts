import type { FileContents } from "@updraft/contracts/artifact-store";
import type { Examples } from "@updraft/models/dataset";
import { examplePlot, type ShownFrom } from "../plots/example-plot.ts";
import { sliceFiles, type SliceMeasures } from "../slices.ts";
import { toJson } from "../to-json.ts";
import { errorsOf, measuresByOutput, type Estimates } from "./measures.ts";
import { residualPlot } from "./residual-plot.ts";

/** How many errors are shown. */
const shownErrors = 24;
/** Shares of all errors that are below the quantiles that are noted. */
const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const;

/** What a regressor's report is made from. */
export interface Reported {
  readonly estimates: Estimates;
  readonly test: Examples;
  readonly input: ShownFrom["input"];
  readonly slices: readonly SliceMeasures[];
}

/** An example that was estimated badly. */
export interface WorstError {
  /** Index in the test split. */
  readonly index: number;
  /** Where it comes from, where the data says so. */
  readonly origin?: string;
  /** Of each output. */
  readonly truth: readonly number[];
  readonly answer: readonly number[];
  /** The largest absolute error of its outputs. */
  readonly error: number;
}

/** How well a regressor did, as JSON and as pictures, by path. */
export async function regressionReport(reported: Reported): Promise<FileContents> {
  const { estimates, test, input, slices } = reported;
  const worst = worstErrors(estimates, test);
  return {
    "evaluation/residuals.json": toJson(residuals(estimates)),
    "evaluation/residuals.svg": await residualPlot(estimates),
    "evaluation/per-output.json": toJson(measuresByOutput(estimates)),
    "evaluation/worst-errors.json": toJson(worst),
    "evaluation/worst-errors.svg": await examplePlot("Worst errors", worst.map(inWords), {
      examples: test,
      input,
    }),
    ...sliceFiles(slices),
  };
}

/** How what was answered less the truth is spread. */
function residuals(estimates: Estimates) {
  const sorted = errorsOf(estimates).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return {
    count: sorted.length,
    quantiles: quantiles.map((share) => ({ share, error: at(share) })),
  };
}

/** The examples with the largest errors, the largest first. */
export function worstErrors(
  { answers, labels, outputs }: Estimates,
  { originOf }: Pick<Examples, "originOf">,
): WorstError[] {
  const of = (values: Float32Array, index: number) => [
    ...values.subarray(index * outputs, (index + 1) * outputs),
  ];
  return Array.from({ length: labels.length / outputs }, (_, index) => {
    const [truth, answer] = [of(labels, index), of(answers, index)];
    const error = Math.max(...truth.map((value, at) => Math.abs((answer[at] ?? 0) - value)));
    return { index, ...(originOf ? { origin: originOf(index) } : {}), truth, answer, error };
  })
    .toSorted((a, b) => b.error - a.error)
    .slice(0, shownErrors);
}

function inWords({ index, truth, answer, error }: WorstError) {
  const list = (values: readonly number[]) => values.map(shown).join(", ");
  return { index, title: `${list(truth)}: ${list(answer)}`, note: `off by ${shown(error)}` };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

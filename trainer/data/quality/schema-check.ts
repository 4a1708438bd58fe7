import { instanceLength } from "@updraft/contracts/signature";
import type { Dataset, Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityCheck } from "./report.ts";
import { verdictOn } from "./verdict.ts";

/** Fewest examples that can be split: one for each part. */
export const fewestToSplit = 3;

/** Whether a dataset has what the model takes and is to give, in kind and number. */
export function schemaCheck({ train, test }: Dataset, definition: ModelDefinition): QualityCheck {
  const problems = [
    ...schemaProblems(train, definition, "training examples", fewestToSplit),
    ...(test ? schemaProblems(test, definition, "test examples", 1) : []),
  ];
  return verdictOn({
    check: "schema",
    value: problems.length,
    limits: { fail: 0 },
    message: problems.join("; ") || "the examples have the form that the model takes",
  });
}

function schemaProblems(
  { count, inputs, labels }: Examples,
  { input, output }: ModelDefinition,
  what: string,
  fewest: number,
): string[] {
  const width = instanceLength(input);
  const isClassifier = output.labels !== undefined;
  const labelled = isClassifier ? 1 : instanceLength(output);
  const problems: string[] = [];
  if (count < fewest) problems.push(`${count} ${what}; expected at least ${fewest}`);
  if (inputs.length !== count * width) {
    problems.push(`${inputs.length} values in ${count} ${what}; expected ${width} in each`);
  }
  if (isClassifier !== labels instanceof Int32Array) {
    const [is, expected] = isClassifier ? ["values", "classes"] : ["classes", "values"];
    problems.push(`the ${what} are labelled with ${is}; the model expects ${expected}`);
  } else if (labels.length !== count * labelled) {
    problems.push(`${labels.length} labels of ${count} ${what}; expected ${labelled} of each`);
  }
  return problems;
}

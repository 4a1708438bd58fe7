import { classified, type Dataset, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityLimits } from "@updraft/models/quality";
import type { Parts } from "../split.ts";
import { repeatsIn, shared, type Pair } from "./equal-rows.ts";
import { originIn } from "./origins.ts";
import type { QualityCheck } from "./report.ts";
import { amongst, verdictOn } from "./verdict.ts";

/** Which inputs are equal. */
export interface Equalities {
  /** A name for each input, the same for equal ones. */
  readonly names: {
    readonly train: readonly string[];
    /** Of a published test split. */
    readonly test?: readonly string[] | undefined;
  };
  /** Of each training example the first one with an equal input. */
  readonly firsts: Int32Array;
  readonly parts: Parts;
}

/** Looks for copies, for inputs with several labels, and for tested ones that were trained on. */
export function repeatChecks(
  dataset: Dataset,
  equalities: Equalities,
  limits: QualityLimits,
  definition: Pick<ModelDefinition, "output">,
): QualityCheck[] {
  const { train } = dataset;
  const { duplicates, conflicts } = repeatsIn(train, equalities.firsts);
  const ofTraining = (pairs: readonly Pair[]) => ({
    value: pairs.length / train.count,
    affected: pairs.length,
  });
  return [
    verdictOn({
      check: "duplicates",
      limits: limits.duplicates,
      ...ofTraining(duplicates),
      message: `${amongst(duplicates.length, train.count, "training examples")} are copies of an earlier one`,
      rows: rowsOf(duplicates, train, train, "is a copy of"),
    }),
    ...(definition.output.labels
      ? [
          verdictOn({
            check: "conflicts",
            limits: limits.conflicts,
            ...ofTraining(conflicts),
            message: `${amongst(conflicts.length, train.count, "training examples")} have an input that has another label elsewhere`,
            rows: contradictions(conflicts, train, definition.output.labels),
          }),
        ]
      : []),
    leakage(dataset, equalities, limits),
  ];
}

function leakage(
  { train, test }: Dataset,
  { names, parts }: Equalities,
  { leakage: limits }: QualityLimits,
): QualityCheck {
  const trained = [...parts.train, ...parts.validation];
  const tested = test ? (names.test ?? []) : parts.test.map((index) => names.train[index] ?? "");
  const leaked = shared(
    tested,
    trained.map((index) => names.train[index] ?? ""),
  ).map(({ index, other }) => ({
    index: test ? index : (parts.test[index] ?? 0),
    other: trained[other] ?? 0,
  }));
  return verdictOn({
    check: "leakage",
    value: leaked.length / Math.max(1, tested.length),
    limits,
    message: `${amongst(leaked.length, tested.length, "test examples")} are among the training examples`,
    rows: rowsOf(leaked, test ?? train, train, "has the input of"),
    affected: leaked.length,
  });
}

function* rowsOf(
  pairs: readonly Pair[],
  examples: Examples,
  others: Examples,
  relation: string,
): Generator<string> {
  for (const { index, other } of pairs) {
    yield `${originIn(examples, index)} ${relation} ${originIn(others, other)}`;
  }
}

function* contradictions(
  pairs: readonly Pair[],
  examples: Examples,
  names: readonly string[],
): Generator<string> {
  const { labels } = classified(examples);
  const labelOf = (index: number) => `"${names[labels[index] ?? 0]}"`;
  for (const { index, other } of pairs) {
    yield `${originIn(examples, index)} is ${labelOf(index)}, ${originIn(examples, other)} is ${labelOf(other)}`;
  }
}

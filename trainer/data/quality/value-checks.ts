import type { Dataset, Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityLimits } from "@updraft/models/quality";
import { select } from "../split.ts";
import { defectiveRows, type DefectiveRow } from "./defective-rows.ts";
import { originIn } from "./origins.ts";
import type { QualityCheck } from "./report.ts";
import { fewestToSplit } from "./schema-check.ts";
import { amongst, verdictOn } from "./verdict.ts";

/** What the values of a dataset are like. */
export interface CheckedValues {
  readonly checks: readonly QualityCheck[];
  /** The dataset without the examples that cannot be used; nothing if too few are left. */
  readonly sound?: Dataset;
}

const inWords = {
  missing: { none: "no example lacks a value", some: "lack a value or their label" },
  outOfRange: {
    none: "every value makes sense",
    some: "have a value or a label that makes no sense",
  },
} as const;

/** Looks for what is missing and what makes no sense, and leaves those examples out. */
export function valueChecks(
  { train, test }: Dataset,
  definition: ModelDefinition,
  limits: QualityLimits,
): CheckedValues {
  const parts = [train, ...(test ? [test] : [])].map((examples) => ({
    examples,
    rows: defectiveRows(examples, definition),
  }));
  const all = parts.reduce((count, { examples }) => count + examples.count, 0);
  const checks = (["missing", "outOfRange"] as const).map((check) => {
    const rows = parts.flatMap(({ examples, rows: defective }) =>
      defective
        .filter(({ defect }) => defect === check)
        .map(({ index, what }) => `${originIn(examples, index)}: ${what}`),
    );
    const { none, some } = inWords[check];
    const found = verdictOn({
      check,
      value: rows.length / all,
      limits: limits[check],
      message: rows.length === 0 ? none : `${amongst(rows.length, all, "examples")} ${some}`,
      rows,
      affected: rows.length,
    });
    if (rows.length === 0 || found.verdict === "failed") return found;
    return { ...found, message: `${found.message}; they are left out` };
  });
  const [soundTrain, soundTest] = parts.map(({ examples, rows }) => without(examples, rows));
  if (!soundTrain || soundTrain.count < fewestToSplit || soundTest?.count === 0) return { checks };
  return { checks, sound: { train: soundTrain, ...(soundTest ? { test: soundTest } : {}) } };
}

function without(examples: Examples, rows: readonly DefectiveRow[]): Examples {
  if (rows.length === 0) return examples;
  const left = new Set(rows.map(({ index }) => index));
  const kept = Array.from({ length: examples.count }, (_, index) => index);
  return select(
    examples,
    kept.filter((index) => !left.has(index)),
  );
}

import { classified, type Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityLimits } from "@updraft/models/quality";
import type { Splits } from "../split.ts";
import type { Counts, QualityCheck } from "./report.ts";
import { verdictOn } from "./verdict.ts";

/** How many examples of each class there are in each part, by label; none of a regressor. */
export function classCounts(
  { train, validation, test }: Splits,
  { output }: Pick<ModelDefinition, "output">,
): Record<string, Counts> {
  const { labels = [] } = output;
  if (labels.length === 0) return {};
  const [training, validating, testing] = [train, validation, test].map((part) =>
    countsOf(part, labels.length),
  );
  return Object.fromEntries(
    labels.map((label, index) => [
      label,
      {
        training: training?.[index] ?? 0,
        validation: validating?.[index] ?? 0,
        test: testing?.[index] ?? 0,
      },
    ]),
  );
}

function countsOf(examples: Examples, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of classified(examples).labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Whether every class can be learnt and judged, and how far the classes are from balance. */
export function classChecks(
  train: Examples,
  counts: Readonly<Record<string, Counts>>,
  limits: QualityLimits,
): QualityCheck[] {
  const labels = Object.keys(counts);
  if (labels.length === 0) return [];
  const all = countsOf(train, labels.length);
  const ordered = labels
    .map((label, index) => ({ label, count: all[index] ?? 0 }))
    .toSorted((a, b) => a.count - b.count);
  return [perClass(ordered, counts, limits), imbalance(ordered, limits)];
}

type Ordered = readonly { readonly label: string; readonly count: number }[];

function perClass(
  ordered: Ordered,
  counts: Readonly<Record<string, Counts>>,
  { perClass: limits }: QualityLimits,
): QualityCheck {
  const untested = Object.keys(counts).filter((label) => counts[label]?.test === 0);
  const [fewest = { label: "", count: 0 }] = ordered;
  const short = ordered.filter(({ count }) => count < (limits.fail ?? limits.warn ?? 0));
  const check = { check: "perClass", limits, side: "least" } as const;
  const rows = short.map(({ label, count }) => `class "${label}": ${count} examples`);
  const affected = short.reduce((sum, { count }) => sum + count, 0);
  if (short.length === 0 && untested.length > 0) {
    return verdictOn({
      ...check,
      value: 0,
      limits: { fail: 1 },
      message: `no test example of class ${untested.map((label) => `"${label}"`).join(", ")}`,
    });
  }
  const message = `class "${fewest.label}" has the fewest training examples, ${fewest.count}`;
  return verdictOn({ ...check, value: fewest.count, message, rows, affected });
}

function imbalance(ordered: Ordered, { imbalance: limits }: QualityLimits): QualityCheck {
  const known = ordered.filter(({ count }) => count > 0);
  const [smallest = { label: "", count: 1 }] = known;
  const largest = known.at(-1) ?? smallest;
  const ratio = largest.count / smallest.count;
  return verdictOn({
    check: "imbalance",
    value: ratio,
    limits,
    message: `class "${largest.label}" has ${Number(ratio.toFixed(2))} times as many training examples as class "${smallest.label}"`,
  });
}

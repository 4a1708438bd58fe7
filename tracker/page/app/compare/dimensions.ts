import type { Run } from "../data/runs.ts";
import { comparedMetrics, comparedParams, type ComparedRow } from "./side-by-side.ts";

/** Something that runs can be laid out by: a param or a metric. */
export interface Dimension {
  /** Such as `params.lr` or `metrics.accuracy`. */
  readonly id: string;
  readonly label: string;
  /** Whether every run that has it has a number. */
  readonly isNumeric: boolean;
  /** In the order of the runs; undefined where a run has none. */
  readonly values: readonly (number | string | undefined)[];
}

/** Dimensions that are shown while nobody has chosen. */
const shown = { params: 5, metrics: 3 };

/** Everything that the runs can be laid out by. */
export function dimensionsOf(runs: readonly Run[]): Dimension[] {
  return [
    ...comparedParams(runs).map((row) => dimension("params", row)),
    ...comparedMetrics(runs)
      .filter(({ key }) => !key.startsWith("system/"))
      .map((row) => dimension("metrics", row)),
  ];
}

/** The dimensions in which the runs differ: what was tried, then what it led to. */
export function suggestedDimensions(all: readonly Dimension[]): string[] {
  const differing = all.filter(({ values }) => new Set(values).size > 1);
  const ids = (kind: "params" | "metrics") =>
    differing
      .map(({ id }) => id)
      .filter((id) => id.startsWith(`${kind}.`))
      .slice(0, shown[kind]);
  return [...ids("params"), ...ids("metrics")];
}

/** What lies along and what upwards in a scatter plot while nobody has chosen. */
export function suggestedAxes(all: readonly Dimension[]): { x?: string; y?: string } {
  const suggested = suggestedDimensions(all);
  const numeric = all.filter(({ isNumeric }) => isNumeric).map(({ id }) => id);
  const metric = suggested.findLast((id) => id.startsWith("metrics.")) ?? numeric.at(-1);
  const other = suggested.find((id) => id !== metric && numeric.includes(id));
  const x = other ?? numeric.find((id) => id !== metric) ?? metric;
  return { ...(x ? { x } : {}), ...(metric ? { y: metric } : {}) };
}

/** The different values of a dimension, numbers in their order, for an axis of names. */
export function namesOf({ values }: Dimension): string[] {
  return [...new Set(values.filter((value) => value !== undefined).map(String))].toSorted((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
}

function dimension(kind: "params" | "metrics", { key, values }: ComparedRow): Dimension {
  const known = values.filter((value) => value !== undefined);
  const isNumeric = known.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  return {
    id: `${kind}.${key}`,
    label: key,
    isNumeric,
    values: values.map((value) =>
      value === undefined ? undefined : isNumeric ? Number(value) : value,
    ),
  };
}

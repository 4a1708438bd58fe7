import type { Run } from "../data/runs.ts";

/** A name with what each run has for it, in the order of the runs. */
export interface ComparedRow {
  readonly key: string;
  /** Undefined where the run has nothing of that name. */
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

/** Params of runs beside each other; those that are not the same everywhere come first. */
export function comparedParams(runs: readonly Run[]): ComparedRow[] {
  return differingFirst(rowsOf(runs.map(({ data }) => data.params ?? [])));
}

/** The latest metrics of runs beside each other, by name. */
export function comparedMetrics(runs: readonly Run[]): ComparedRow[] {
  const lists = runs.map(({ data }) =>
    (data.metrics ?? []).map(({ key, value }) => ({ key, value: String(value) })),
  );
  return rowsOf(lists);
}

/** Tags of runs beside each other, without those that say the same as the run's head. */
export function comparedTags(runs: readonly Run[]): ComparedRow[] {
  const shown = runs.map(({ data }) =>
    (data.tags ?? []).filter(
      ({ key }) => key !== "mlflow.runName" && key !== "mlflow.note.content",
    ),
  );
  return differingFirst(rowsOf(shown));
}

/** Which of the values is the highest and which the lowest; neither where all are the same. */
export function extremes(values: readonly (string | undefined)[]): {
  readonly highest: ReadonlySet<number>;
  readonly lowest: ReadonlySet<number>;
} {
  const numbers = values.map((value) => (value === undefined ? Number.NaN : Number(value)));
  const known = numbers.filter((value) => !Number.isNaN(value));
  const high = Math.max(...known);
  const low = Math.min(...known);
  const where = (wanted: number) =>
    new Set(high > low ? [...numbers.keys()].filter((index) => numbers[index] === wanted) : []);
  return { highest: where(high), lowest: where(low) };
}

/** Metrics whose latest value is not that of the first step: they have a course. */
export function metricsWithSteps(runs: readonly Run[]): string[] {
  const keys = runs.flatMap(({ data }) =>
    (data.metrics ?? []).filter(({ step }) => step !== 0).map(({ key }) => key),
  );
  return [...new Set(keys)].filter((key) => !key.startsWith("system/"));
}

function rowsOf(lists: readonly (readonly { key: string; value: string }[])[]): ComparedRow[] {
  const maps = lists.map((list) => new Map(list.map(({ key, value }) => [key, value])));
  const keys = [...new Set(maps.flatMap((map) => [...map.keys()]))].toSorted();
  return keys.map((key) => {
    const values = maps.map((map) => map.get(key));
    return { key, values, differs: new Set(values).size > 1 };
  });
}

function differingFirst(rows: readonly ComparedRow[]): ComparedRow[] {
  return rows.toSorted((a, b) => Number(b.differs) - Number(a.differs));
}

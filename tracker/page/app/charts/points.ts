import type { Series } from "../data/series.ts";

/** What lies along a chart: the step, the time since the run began, or the time of day. */
export const xAxes = ["step", "relative", "time"] as const;
export type XAxis = (typeof xAxes)[number];

/** A place in a chart; the numbers are finite. */
export type Point = readonly [x: number, y: number];

/**
 * The points of a series in the order of the axis. What is not a finite number has no place in a
 * chart; the rest is drawn.
 * @param start of the run, in milliseconds since 1970
 */
export function pointsOf(series: Series, axis: XAxis, start: number): Point[] {
  const points: Point[] = [];
  series.values.forEach((value, index) => {
    const y = Number(value);
    if (!Number.isFinite(y)) return;
    const timestamp = series.timestamps[index] ?? 0;
    const x = {
      step: series.steps[index] ?? 0,
      relative: (timestamp - start) / 1000,
      time: timestamp,
    };
    points.push([x[axis], y]);
  });
  return points.toSorted(([a], [b]) => a - b);
}

/**
 * The exponential moving average, without the pull to zero at its begin.
 * @param weight of what came before, from 0 (as it is) to below 1
 * @see https://arxiv.org/abs/1412.6980 section 3, where the correction is from
 */
export function smoothed(points: readonly Point[], weight: number): Point[] {
  if (weight <= 0) return [...points];
  let average = 0;
  let correction = 1;
  return points.map(([x, y]) => {
    average = average * weight + (1 - weight) * y;
    correction *= weight;
    return [x, average / (1 - correction)];
  });
}

/** The points that a logarithmic axis can show. */
export function positive(points: readonly Point[]): Point[] {
  return points.filter(([, y]) => y > 0);
}

/** Metrics by what stands before their last slash, as people group them; the plain ones first. */
export function chartGroups(keys: readonly string[]): { title: string; keys: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const key of keys.toSorted(compareKeys)) {
    const title = key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : "";
    groups.set(title, [...(groups.get(title) ?? []), key]);
  }
  return [...groups]
    .toSorted(([a], [b]) => Number(isSystem(a)) - Number(isSystem(b)) || (a < b ? -1 : 1))
    .map(([title, grouped]) => ({ title, keys: grouped }));
}

/** What people look at first, then the rest, each in the order in which it came. */
export function mainFirst<Item extends { readonly key: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => Number(isMain(b)) - Number(isMain(a)));
}

function isMain({ key }: { readonly key: string }): boolean {
  return /acc|loss|f1|auc|precision|recall|error|mse|mae|r2|score|perplexity/i.test(key);
}

/** A sentence for those who cannot see the curve. */
export function inWords(name: string, points: readonly Point[], format: (value: number) => string) {
  const last = points.at(-1);
  if (!last) return `${name}: no values`;
  const values = points.map(([, y]) => y);
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  return `${name}: latest ${format(last[1])}, lowest ${format(lowest)}, highest ${format(highest)}`;
}

/** System metrics come last, as nobody looks at them first; what people do look at comes first. */
function compareKeys(a: string, b: string): number {
  return (
    Number(isSystem(a)) - Number(isSystem(b)) ||
    Number(isMain({ key: b })) - Number(isMain({ key: a })) ||
    (a < b ? -1 : Number(a > b))
  );
}

function isSystem(key: string): boolean {
  return key === "system" || key.startsWith("system/");
}

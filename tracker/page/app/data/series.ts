import { call } from "../call.ts";
import type { JsonNumber } from "./runs.ts";

/** The values of a metric as columns of equal length. */
export interface Series {
  readonly key: string;
  /** Where to go on from when more has been logged. */
  readonly cursor: string;
  /** How many values there are, before the tracker thinned them. */
  readonly count: number;
  readonly steps: readonly number[];
  /** Milliseconds since 1970. */
  readonly timestamps: readonly number[];
  readonly values: readonly JsonNumber[];
}

/** The curves of a run, by metric. */
export interface RunCurves {
  readonly run_id: string;
  readonly status: string;
  readonly end_time?: number;
  readonly series: readonly Series[];
}

/** Which curves are asked for; with cursors only what came after them. */
export interface CurveRequest {
  readonly run_id: string;
  readonly metric_keys?: readonly string[];
  readonly cursors?: Readonly<Record<string, string>>;
}

/** Points of a curve that a screen has room for. */
export const maxPoints = 1000;

/** Fetches the curves of runs. */
export async function fetchCurves(
  runs: readonly CurveRequest[],
  signal: AbortSignal,
): Promise<readonly RunCurves[]> {
  const answer = await call<{ runs: readonly RunCurves[] }>("updraft/metrics/series", {
    method: "POST",
    fields: { runs, max_points: maxPoints },
    signal,
  });
  return answer.runs;
}

/** Where each curve of a run ends. */
export function cursorsOf({ series }: RunCurves): Record<string, string> {
  return Object.fromEntries(series.map(({ key, cursor }) => [key, cursor]));
}

/** The curves with what came after them. */
export function withNewPoints(before: RunCurves, news: RunCurves): RunCurves {
  const added = new Map(news.series.map((one) => [one.key, one]));
  const known = new Set(before.series.map(({ key }) => key));
  const grown = before.series.map((one) => {
    const more = added.get(one.key);
    return more ? joined(one, more) : one;
  });
  const isSame = news.series.length === 0 && before.status === news.status;
  if (isSame) return before;
  return { ...news, series: [...grown, ...news.series.filter(({ key }) => !known.has(key))] };
}

/** So many points came in one by one that the tracker should thin them again. */
export function needsThinning({ series }: RunCurves): boolean {
  return series.some(({ steps }) => steps.length > 2 * maxPoints);
}

function joined(before: Series, more: Series): Series {
  return {
    key: before.key,
    cursor: more.cursor,
    count: before.count + more.count,
    steps: [...before.steps, ...more.steps],
    timestamps: [...before.timestamps, ...more.timestamps],
    values: [...before.values, ...more.values],
  };
}

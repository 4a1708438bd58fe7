import { useEffect, useState } from "preact/hooks";
import { fetchRun, type Run } from "../data/runs.ts";
import {
  cursorsOf,
  fetchCurves,
  needsThinning,
  withNewPoints,
  type CurveRequest,
  type RunCurves,
} from "../data/series.ts";
import { useData, usePolling, type Loaded } from "../use-data.ts";

const pollMs = 2000;

/** A run and its curves, which grow as long as it goes on. */
export interface LiveRun {
  readonly run: Loaded<Run>;
  readonly curves: Loaded<RunCurves>;
  /** New values still come in. */
  readonly isLive: boolean;
}

/** Follows a run: once all that there is, then only what is new, until it has ended. */
export function useLiveRun(id: string): LiveRun {
  const run = useData(`run ${id}`, (signal) => fetchRun(id, signal));
  const [latest, setLatest] = useState<RunCurves>();
  const curves = useData(`curves ${id}`, async (signal) => {
    const fetched = await fetchOne({ run_id: id }, signal);
    setLatest(fetched);
    return fetched;
  });
  const current = latest?.run_id === id ? latest : curves.data;
  const isLive = current?.status === "RUNNING" || current?.status === "SCHEDULED";
  usePolling(isLive, pollMs, async (signal) => {
    if (!current) return;
    const again = needsThinning(current);
    const cursors = again ? {} : cursorsOf(current);
    const news = await fetchOne({ run_id: id, cursors }, signal);
    if (signal.aborted) return;
    setLatest(again ? news : withNewPoints(current, news));
    // Latest values, params and tags change with the curves; a quiet run is asked for nothing more.
    if (news.series.length > 0) run.reload();
  });
  useEffect(() => {
    // What was logged out of order and what came last is there once it has ended.
    if (latest && !isLive && run.data?.info.status !== latest.status) {
      run.reload();
      curves.reload();
    }
  }, [isLive]);
  return { run, curves: { ...curves, data: current }, isLive };
}

async function fetchOne(request: CurveRequest, signal: AbortSignal): Promise<RunCurves> {
  const [curves] = await fetchCurves([request], signal);
  if (!curves) throw new Error("The tracker answered without the run that was asked for.");
  return curves;
}

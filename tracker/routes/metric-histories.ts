import { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";
import type { RunStore } from "../store/runs.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { Int64, limits, listOf, PageToken, RunId, Text, withRunId } from "./fields.ts";
import { metricJson } from "./json.ts";

const MetricKey = Text.min(1);

/** Operations that read what became of a metric; MLflow's page draws its curves with the last two. */
export function metricHistoryEndpoints(runs: RunStore): Endpoint[] {
  return [historyEndpoint(runs), bulkEndpoint(runs), intervalEndpoint(runs)];
}

function historyEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "get",
    "/metrics/get-history",
    withRunId({
      metric_key: MetricKey,
      max_results: Int64.pipe(
        z
          .int()
          .min(1)
          .max(Number.MAX_SAFE_INTEGER - 1),
      ).optional(),
      page_token: PageToken,
    }),
    async ({ run_id, ...request }) => {
      const { rows, nextPageToken } = await runs.metricHistory(run_id, request);
      return { metrics: rows.map(metricJson), next_page_token: nextPageToken };
    },
  );
}

/** The values of many runs, all of them up to a limit for the whole answer. */
function bulkEndpoint(runs: RunStore): Endpoint {
  const longest = limits.historyValuesPerRequest;
  return endpoint(
    "get",
    "/metrics/get-history-bulk",
    z.object({
      run_id: listOf(RunId, 10_000),
      metric_key: MetricKey,
      max_results: Int64.pipe(z.int().min(1)).default(longest),
    }),
    async ({ run_id: ids, metric_key, max_results }) => {
      checkRuns("GetMetricHistoryBulk", "run_id", ids);
      const found = await runs.metricHistories(ids, {
        metric_key,
        max_results: Math.min(max_results, longest),
      });
      return { metrics: found.map(metricJson) };
    },
  );
}

/** Of each of many runs evenly spaced values, enough for a curve. */
function intervalEndpoint(runs: RunStore): Endpoint {
  const longest = limits.historyValuesPerRun;
  return endpoint(
    "get",
    "/metrics/get-history-bulk-interval",
    z.object({
      run_ids: listOf(RunId, 10_000),
      metric_key: MetricKey,
      start_step: Int64.optional(),
      end_step: Int64.optional(),
      max_results: Int64.pipe(
        z.int().refine((value) => value >= 1 && value <= longest, {
          error: `max_results must be between 1 and ${longest}.`,
        }),
      ).default(longest),
    }),
    async ({ run_ids, start_step, end_step, ...request }) => {
      checkRuns("GetMetricHistoryBulkInterval", "run_ids", run_ids);
      const steps = stepsBetween(start_step, end_step);
      const found = await runs.sampledHistories(run_ids, { ...request, steps });
      return { metrics: found.map(metricJson) };
    },
  );
}

function checkRuns(operation: string, field: string, ids: readonly string[]): void {
  if (ids.length === 0) {
    throw invalidParameter(`${operation} request must specify at least one ${field}.`);
  }
  if (ids.length <= limits.runsPerHistoryRequest) return;
  throw invalidParameter(
    `${operation} request cannot specify more than ${limits.runsPerHistoryRequest} run_ids. Received ${ids.length} run_ids.`,
  );
}

function stepsBetween(
  start: number | undefined,
  end: number | undefined,
): { from: number; to: number } | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    throw invalidParameter(
      "If either start step or end step are specified, both must be specified.",
    );
  }
  if (start > end) {
    throw invalidParameter(
      `end_step must be greater than start_step. Found start_step=${start} and end_step=${end}.`,
    );
  }
  return { from: start, to: end };
}

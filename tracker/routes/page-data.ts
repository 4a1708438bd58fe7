import { z } from "zod";
import { runGrammar } from "../search/grammar.ts";
import { parseSearch } from "../search/parse-search.ts";
import type { Metric, RunStore } from "../store/runs.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { ViewType } from "./experiments.ts";
import { ExperimentId, Int64, listOf, maxResults, PageToken, RunId, Text } from "./fields.ts";
import { jsonDouble } from "./json.ts";
import { columnCounts, defaultColumns, runRow } from "./run-rows.ts";
import { seriesOf, SeriesThinner, type Series } from "./thinned-series.ts";

/** What the page asks for where MLflow's operations would take many calls or carry too much. */
export function pageDataEndpoints(runs: RunStore): Endpoint[] {
  return [
    endpoint("get", "/experiments/activity", z.object({}), async () => ({
      experiments: await runs.activity(),
    })),
    tableEndpoint(runs),
    seriesEndpoint(runs),
  ];
}

/** Like MLflow's search of runs, but with the columns that are shown and nothing else. */
function tableEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "post",
    "/runs/table",
    z.object({
      experiment_ids: listOf(ExperimentId, 10_000),
      filter: Text.default(""),
      run_view_type: ViewType,
      max_results: maxResults(2000, 200),
      order_by: listOf(Text),
      page_token: PageToken,
      /** Left out: those that say most about the runs. */
      columns: z.array(Text).max(200).optional(),
    }),
    async ({ columns: chosen, ...fields }) => {
      const { rows, nextPageToken } = await runs.search(parseSearch(fields, runGrammar));
      const columns = chosen ?? defaultColumns(rows);
      return {
        columns,
        column_counts: columnCounts(rows),
        runs: rows.map((run) => runRow(run, columns)),
        next_page_token: nextPageToken,
      };
    },
  );
}

/** Values of a series that are read at once; between two reads others get their turn. */
const valuesAtOnce = 10_000;

const SeriesRequest = z.object({
  runs: z
    .array(
      z.object({
        run_id: RunId,
        /** Left out: every metric that the run has. */
        metric_keys: z.array(Text.min(1)).max(1000).optional(),
        /** By metric: the `cursor` of the answer before, after which there may be more. */
        cursors: z.record(z.string(), Text).default({}),
      }),
    )
    .max(100),
  /** Of each series, at most. */
  max_points: Int64.pipe(z.int().min(4).max(10_000)).default(1000),
});

/** The curves of runs, thinned; with cursors only what is new, which is how a page stays live. */
function seriesEndpoint(runs: RunStore): Endpoint {
  return endpoint("post", "/metrics/series", SeriesRequest, async ({ runs: asked, max_points }) => {
    const answers = [];
    for (const { run_id, metric_keys, cursors } of asked) {
      const { info, data } = await runs.get(run_id);
      const wanted = data.metrics.filter(({ key }) => metric_keys?.includes(key) ?? true);
      const series = [];
      for (const latest of wanted) {
        const cursor = Object.hasOwn(cursors, latest.key) ? cursors[latest.key] : undefined;
        const found = await thinnedSeries(runs, run_id, latest, { cursor, max_points });
        if (found) series.push(found);
      }
      answers.push({ run_id, status: info.status, end_time: info.end_time, series });
    }
    return { runs: answers };
  });
}

interface ThinnedSeries extends Series {
  readonly key: string;
  readonly cursor: string | undefined;
  /** How many values there are, before any were left out. */
  readonly count: number;
  readonly latest: { readonly value: ReturnType<typeof jsonDouble>; readonly step: number };
}

async function thinnedSeries(
  runs: RunStore,
  runId: string,
  latest: Metric,
  { cursor, max_points }: { readonly cursor: string | undefined; readonly max_points: number },
): Promise<ThinnedSeries | undefined> {
  const thinner = new SeriesThinner(max_points);
  let count = 0;
  let end = cursor;
  for (let token: string | undefined = cursor, isFirst = true; isFirst || token; isFirst = false) {
    const page = await runs.metricHistory(runId, {
      metric_key: latest.key,
      max_results: valuesAtOnce,
      page_token: token,
    });
    for (const metric of page.rows) thinner.add(metric);
    count += page.rows.length;
    end = page.endToken ?? end;
    token = page.nextPageToken;
  }
  if (count === 0) return undefined;
  return {
    key: latest.key,
    cursor: end,
    count,
    latest: { value: jsonDouble(latest.value), step: latest.step },
    ...seriesOf(thinner.points()),
  };
}

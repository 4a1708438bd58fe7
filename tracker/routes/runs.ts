import { z } from "zod";
import { runNameFor } from "../run-name.ts";
import { runGrammar } from "../search/grammar.ts";
import { parseSearch } from "../search/parse-search.ts";
import { runStatuses, type RunStore } from "../store/runs.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { ViewType } from "./experiments.ts";
import {
  ExperimentId,
  Int64,
  limits,
  listOf,
  maxResults,
  PageToken,
  RunTagValue,
  Text,
  textUpTo,
  withRunId,
} from "./fields.ts";
import { runJson, runsJson, runText, type JsonText } from "./json.ts";

/** MLflow's enum, by name or by number. */
const RunStatus = z.preprocess(
  (value) => (typeof value === "number" ? runStatuses[value - 1] : value),
  z.enum(runStatuses),
);

/** MLflow takes a run's first tags under any key. */
const NewRunTags = z
  .array(z.object({ key: textUpTo(limits.keyLength, "key").min(1), value: RunTagValue }))
  .default([]);

/** Operations on runs; what they log is in `run-data.ts`. */
export function runEndpoints(runs: RunStore): Endpoint[] {
  const OfRun = withRunId({});
  return [
    createEndpoint(runs),
    endpoint("get", "/runs/get", OfRun, async ({ run_id }) => ({
      run: runJson(await runs.get(run_id)),
    })),
    endpoint(
      "post",
      "/runs/update",
      withRunId({
        status: RunStatus.optional(),
        end_time: Int64.optional(),
        run_name: Text.optional(),
      }),
      async ({ run_id, ...changes }) => ({ run_info: await runs.update(run_id, changes) }),
    ),
    endpoint("post", "/runs/delete", OfRun, ({ run_id }) => runs.delete(run_id)),
    endpoint("post", "/runs/restore", OfRun, ({ run_id }) => runs.restore(run_id)),
    searchEndpoint(runs),
  ];
}

function createEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "post",
    "/runs/create",
    z.object({
      experiment_id: ExperimentId.default("0"),
      user_id: Text.default(""),
      run_name: Text.default(""),
      start_time: Int64.optional(),
      tags: NewRunTags,
    }),
    async ({ run_name, start_time = Date.now(), ...run }) => ({
      run: runJson(
        await runs.create({ ...run, start_time, run_name: runNameFor(run_name, run.tags) }),
      ),
    }),
  );
}

function searchEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "post",
    "/runs/search",
    z.object({
      experiment_ids: listOf(ExperimentId, 10_000),
      filter: Text.default(""),
      run_view_type: ViewType,
      max_results: maxResults(50_000, 1000),
      order_by: listOf(Text),
      page_token: PageToken,
    }),
    async (fields) => {
      return searchInSteps(runs, parseSearch(fields, runGrammar));
    },
  );
}

/** How many runs are in memory at once, of the fifty thousand that a search may answer. */
const runsPerStep = 5000;

/** A search that leaves others their turn between its steps. */
async function searchInSteps(
  runs: RunStore,
  request: Parameters<RunStore["search"]>[0],
): Promise<JsonText> {
  const texts: string[] = [];
  let { page_token } = request;
  for (;;) {
    const max_results = Math.min(request.max_results - texts.length, runsPerStep);
    const { rows, nextPageToken } = await runs.search({ ...request, max_results, page_token });
    for (const run of rows) texts.push(runText(run));
    if (nextPageToken === undefined || texts.length >= request.max_results) {
      return runsJson(texts, nextPageToken);
    }
    page_token = nextPageToken;
    await new Promise(setImmediate);
  }
}

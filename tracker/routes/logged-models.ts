import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { z } from "zod";
import { generatedName } from "../run-name.ts";
import { parseFilter } from "../search/filter.ts";
import { loggedModelGrammar } from "../search/grammar.ts";
import { parseModelOrder } from "../search/model-order.ts";
import {
  type LoggedModel,
  type LoggedModelStore,
  loggedModelStatuses,
} from "../store/logged-models.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import {
  ExperimentId,
  limits,
  maxResults,
  ModelId,
  PageToken,
  RequiredText,
  Text,
  textUpTo,
} from "./fields.ts";
import { metricJson } from "./json.ts";
import { listed } from "./listed-artifacts.ts";

/** MLflow's enum, by name or by number. */
const Status = z.preprocess(
  (value) => (/^[0-3]$/.test(String(value)) ? loggedModelStatuses[Number(value)] : value),
  z.enum(loggedModelStatuses),
);

const Name = textUpTo(limits.loggedModelNameLength, "name").refine(
  (name) => !/[/:.%"']/.test(name),
  {
    error: (issue) =>
      `Invalid model name (${JSON.stringify(issue.input)}) provided. Model name must be a non-empty string and cannot contain the following characters: / : . % " '`,
  },
);

const KeyValues = z
  .array(
    z.object({
      key: textUpTo(limits.loggedModelKeyLength, "key").min(1),
      value: Text.default(""),
    }),
  )
  .max(limits.keysPerLoggedModel)
  .default([]);

/** The rest of a path: clients leave the slashes of a key as they are. */
const KeyInPath = z
  .array(Text)
  .transform((parts) => parts.join("/"))
  .pipe(RequiredText);

const OfModel = z.object({ model_id: ModelId });

/** Operations on logged models. */
export function loggedModelEndpoints(
  models: LoggedModelStore,
  artifacts: ArtifactStore,
): Endpoint[] {
  return [
    createEndpoint(models),
    searchEndpoint(models),
    endpoint(
      "get",
      "/logged-models/:model_id",
      OfModel.extend({ allow_deleted: Text.default("") }),
      async ({ model_id, allow_deleted }) =>
        answer(await models.get(model_id, { deleted: allow_deleted.toLowerCase() === "true" })),
    ),
    endpoint(
      "patch",
      "/logged-models/:model_id",
      OfModel.extend({ status: Status }),
      async ({ model_id, status }) => answer(await models.finalize(model_id, status)),
    ),
    endpoint("delete", "/logged-models/:model_id", OfModel, ({ model_id }) =>
      models.delete(model_id),
    ),
    endpoint(
      "post",
      "/logged-models/:model_id/params",
      OfModel.extend({ params: KeyValues }),
      ({ model_id, params }) => models.logParams(model_id, params),
    ),
    ...tagEndpoints(models),
    endpoint(
      "get",
      "/logged-models/:model_id/artifacts/directories",
      OfModel.extend({ artifact_directory_path: Text.optional(), page_token: PageToken }),
      async ({ model_id, artifact_directory_path }) => {
        const { info } = await models.get(model_id);
        return listed(artifacts, info.artifact_uri, artifact_directory_path);
      },
    ),
  ];
}

function tagEndpoints(models: LoggedModelStore): Endpoint[] {
  return [
    endpoint(
      "patch",
      "/logged-models/:model_id/tags",
      OfModel.extend({ tags: KeyValues }),
      ({ model_id, tags }) => models.setTags(model_id, tags),
    ),
    endpoint(
      "delete",
      "/logged-models/:model_id/tags/*tag_key",
      OfModel.extend({ tag_key: KeyInPath }),
      ({ model_id, tag_key }) => models.deleteTag(model_id, tag_key),
    ),
  ];
}

function createEndpoint(models: LoggedModelStore): Endpoint {
  return endpoint(
    "post",
    "/logged-models",
    z.object({
      experiment_id: ExperimentId,
      name: Name.default(""),
      model_type: textUpTo(limits.loggedModelTypeLength, "model_type").optional(),
      source_run_id: textUpTo(255, "source_run_id").optional(),
      params: KeyValues,
      tags: KeyValues,
    }),
    async ({ name, ...model }) =>
      answer(await models.create({ ...model, name: name || generatedName() })),
  );
}

const MeasuredOn = z.object({
  dataset_name: Text.default("").refine((name) => name !== "", {
    error: "`dataset_name` in the `datasets` clause must be specified.",
  }),
  dataset_digest: Text.optional(),
});

const OrderClause = z.object({
  field_name: RequiredText,
  ascending: z.boolean().default(true),
  dataset_name: Text.optional(),
  dataset_digest: Text.optional(),
});

function searchEndpoint(models: LoggedModelStore): Endpoint {
  return endpoint(
    "post",
    "/logged-models/search",
    z.object({
      experiment_ids: z.array(ExperimentId).max(10_000),
      filter: Text.default(""),
      datasets: z.array(MeasuredOn).max(100).default([]),
      max_results: maxResults(50_000, 50),
      order_by: z.array(OrderClause).max(20).default([]),
      page_token: PageToken,
    }),
    async ({ filter, order_by, ...request }) => {
      const { rows, nextPageToken } = await models.search({
        ...request,
        filter: parseFilter(filter, loggedModelGrammar),
        order_by: order_by.map(parseModelOrder),
      });
      return { models: rows.map(modelJson), next_page_token: nextPageToken };
    },
  );
}

function answer(model: LoggedModel): object {
  return { model: modelJson(model) };
}

function modelJson({ info, data }: LoggedModel): object {
  return { info, data: { params: data.params, metrics: data.metrics.map(metricJson) } };
}

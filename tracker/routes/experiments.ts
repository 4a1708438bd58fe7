import { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";
import { experimentGrammar } from "../search/grammar.ts";
import { parseSearch } from "../search/parse-search.ts";
import type { ExperimentStore } from "../store/experiments.ts";
import { leadsAstray } from "./address.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import {
  ExperimentId,
  ExperimentTagValue,
  Key,
  limits,
  listOf,
  maxResults,
  PageToken,
  RequiredText,
  tagsWith,
  Text,
  textUpTo,
} from "./fields.ts";

const ExperimentName = RequiredText.superRefine((name, context) => {
  if (name.trim() === "") {
    context.addIssue({ code: "custom", message: `Invalid experiment name: '${name}'` });
  } else if (Array.from(name).length > limits.experimentNameLength) {
    context.addIssue({
      code: "custom",
      message: `'name' exceeds the maximum length of ${limits.experimentNameLength} characters`,
    });
  }
});

/** Where a custom artifact location would be read as something else, or lead out of its root. */
const ArtifactLocation = textUpTo(limits.addressLength, "artifact_location").refine(
  (location) =>
    location === "" || (/^[a-z][a-z0-9+.-]*:\/[^?#]*$/i.test(location) && !leadsAstray(location)),
  {
    error: (issue) =>
      `Invalid artifact_location: '${String(issue.input)}'. Expected an address such as s3://bucket/path, without ? and #.`,
  },
);

/** MLflow's enum, by name or by number. */
export const ViewType = z.preprocess(
  (value) => ({ "1": "ACTIVE_ONLY", "2": "DELETED_ONLY", "3": "ALL" })[String(value)] ?? value,
  z.enum(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]).default("ACTIVE_ONLY"),
);

const OfExperiment = z.object({ experiment_id: ExperimentId });

/** Operations on experiments. */
export function experimentEndpoints(experiments: ExperimentStore): Endpoint[] {
  return [
    endpoint(
      "post",
      "/experiments/create",
      z.object({
        name: ExperimentName,
        artifact_location: ArtifactLocation.optional(),
        tags: tagsWith(ExperimentTagValue),
      }),
      async (fields) => ({ experiment_id: await experiments.create(fields) }),
    ),
    endpoint("get", "/experiments/get", OfExperiment, async ({ experiment_id }) => ({
      experiment: await experiments.get(experiment_id),
    })),
    endpoint(
      "get",
      "/experiments/get-by-name",
      z.object({ experiment_name: RequiredText }),
      async ({ experiment_name }) => ({
        experiment: await experiments.getByName(experiment_name),
      }),
    ),
    searchEndpoint(experiments),
    endpoint(
      "post",
      "/experiments/update",
      OfExperiment.extend({ new_name: ExperimentName }),
      ({ experiment_id, new_name }) => experiments.rename(experiment_id, new_name),
    ),
    endpoint("post", "/experiments/delete", OfExperiment, ({ experiment_id }) =>
      experiments.delete(experiment_id),
    ),
    endpoint("post", "/experiments/restore", OfExperiment, ({ experiment_id }) =>
      experiments.restore(experiment_id),
    ),
    ...tagEndpoints(experiments),
    datasetsEndpoint(experiments),
  ];
}

function searchEndpoint(experiments: ExperimentStore): Endpoint {
  return endpoint(
    ["get", "post"],
    "/experiments/search",
    z.object({
      max_results: maxResults(50_000, 1000),
      page_token: PageToken,
      filter: Text.default(""),
      order_by: listOf(Text),
      view_type: ViewType,
    }),
    async (fields) => {
      const { rows, nextPageToken } = await experiments.search(
        parseSearch(fields, experimentGrammar),
      );
      return { experiments: rows, next_page_token: nextPageToken };
    },
  );
}

function tagEndpoints(experiments: ExperimentStore): Endpoint[] {
  return [
    endpoint(
      "post",
      "/experiments/set-experiment-tag",
      OfExperiment.extend({ key: Key, value: ExperimentTagValue }),
      ({ experiment_id, ...tag }) => experiments.setTag(experiment_id, tag),
    ),
    endpoint(
      "post",
      "/experiments/delete-experiment-tag",
      OfExperiment.extend({ key: RequiredText }),
      ({ experiment_id, key }) => experiments.deleteTag(experiment_id, key),
    ),
  ];
}

/** What MLflow's page offers to filter runs by. */
function datasetsEndpoint(experiments: ExperimentStore): Endpoint {
  return endpoint(
    "post",
    "/experiments/search-datasets",
    z.object({ experiment_ids: listOf(ExperimentId) }),
    async ({ experiment_ids: ids }) => {
      if (ids.length === 0 || ids.length > limits.experimentsPerDatasetSearch) {
        throw invalidParameter(
          `SearchDatasets request must specify at least one and cannot specify more than ${limits.experimentsPerDatasetSearch} experiment_ids. Received ${ids.length} experiment_ids.`,
        );
      }
      return { dataset_summaries: await experiments.datasets(ids, limits.datasetSummaries) };
    },
  );
}

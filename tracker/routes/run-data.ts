import { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";
import type { RunStore } from "../store/runs.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { plainBatch } from "./plain-batch.ts";
import {
  Double,
  Int64,
  Key,
  limits,
  ModelId,
  ParamValue,
  RequiredText,
  RunTagValue,
  Text,
  textUpTo,
  withRunId,
} from "./fields.ts";

const Metric = z.object({
  key: Key,
  value: Double,
  timestamp: Int64.pipe(z.int().min(0)),
  step: Int64.default(0),
});

/** A metric may say which logged model it is about, and which dataset it was measured on. */
const LoggedMetric = Metric.extend({
  model_id: Text.optional(),
  dataset_name: textUpTo(limits.datasetNameLength, "dataset_name").optional(),
  dataset_digest: textUpTo(limits.datasetDigestLength, "dataset_digest").optional(),
});

const Param = z.object({ key: Key, value: ParamValue });
const RunTag = z.object({ key: Key, value: RunTagValue });

/** Operations that log to a run. */
export function runDataEndpoints(runs: RunStore): Endpoint[] {
  return [
    endpoint("post", "/runs/log-metric", withRunId(LoggedMetric.shape), ({ run_id, ...metric }) =>
      runs.log(run_id, { metrics: [metric], params: [], tags: [] }),
    ),
    endpoint("post", "/runs/log-parameter", withRunId(Param.shape), ({ run_id, ...param }) =>
      runs.log(run_id, { metrics: [], params: [param], tags: [] }),
    ),
    endpoint("post", "/runs/set-tag", withRunId(RunTag.shape), ({ run_id, ...tag }) =>
      runs.log(run_id, { metrics: [], params: [], tags: [tag] }),
    ),
    endpoint("post", "/runs/delete-tag", withRunId({ key: RequiredText }), ({ run_id, key }) =>
      runs.deleteTag(run_id, key),
    ),
    batchEndpoint(runs),
    inputsEndpoint(runs),
    outputsEndpoint(runs),
    modelEndpoint(runs),
  ];
}

function batchEndpoint(runs: RunStore): Endpoint {
  const logBatch = endpoint(
    "post",
    "/runs/log-batch",
    withRunId({
      metrics: z.array(LoggedMetric).default([]),
      params: z.array(Param).default([]),
      tags: z.array(RunTag).default([]),
    }),
    async ({ run_id, ...batch }) => {
      const { metrics, params, tags } = batch;
      checkBatch("metrics", metrics.length, limits.metricsPerBatch);
      checkBatch("params", params.length, limits.paramsPerBatch);
      checkBatch("tags", tags.length, limits.tagsPerBatch);
      const all = metrics.length + params.length + tags.length;
      checkBatch("metrics, params, and tags", all, limits.entitiesPerBatch);
      checkParamsOnce(params.map(({ key }) => key));
      await runs.log(run_id, batch);
    },
    plainBatch,
  );
  return { ...logBatch, maxBytes: limits.batchBytes };
}

function checkBatch(what: string, count: number, limit: number): void {
  if (count <= limit) return;
  throw invalidParameter(
    `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
  );
}

function checkParamsOnce(keys: readonly string[]): void {
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length === 0) return;
  throw invalidParameter(
    `Duplicate parameter keys have been submitted: ${twice.join(", ")}. Please ensure the request contains only one param value per param key.`,
  );
}

const DatasetInput = z.object({
  tags: z
    .array(
      z.object({
        key: textUpTo(limits.inputTagKeyLength, "key").min(1),
        value: textUpTo(limits.inputTagValueLength, "value").default(""),
      }),
    )
    .default([]),
  dataset: z.object({
    name: textUpTo(limits.datasetNameLength, "name").min(1),
    digest: textUpTo(limits.datasetDigestLength, "digest").min(1),
    source_type: RequiredText,
    source: textUpTo(limits.datasetSourceLength, "source").min(1),
    schema: textUpTo(limits.datasetSchemaLength, "schema").optional(),
    profile: textUpTo(limits.datasetProfileLength, "profile").optional(),
  }),
});

function inputsEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "post",
    "/runs/log-inputs",
    withRunId({
      datasets: z.array(DatasetInput).max(limits.datasetsPerRequest).default([]),
      models: z
        .array(z.object({ model_id: ModelId }))
        .max(limits.modelsPerRequest)
        .default([]),
    }),
    ({ run_id, datasets, models }) =>
      runs.logInputs(run_id, { dataset_inputs: datasets, model_inputs: models }),
  );
}

function outputsEndpoint(runs: RunStore): Endpoint {
  const Output = z.object({ model_id: ModelId, step: Int64.default(0) });
  return endpoint(
    "post",
    "/runs/outputs",
    withRunId({ models: z.array(Output).max(limits.modelsPerRequest) }),
    ({ run_id, models }) => runs.logOutputs(run_id, models),
  );
}

const modelFields = ["artifact_path", "flavors", "utc_time_created", "run_id"];

/** Tells of a model among a run's artifacts. Clients from MLflow 3 on log models instead. */
function modelEndpoint(runs: RunStore): Endpoint {
  return endpoint(
    "post",
    "/runs/log-model",
    withRunId({ model_json: RequiredText }),
    ({ run_id, model_json }) => runs.recordModel(run_id, describedModel(model_json)),
  );
}

/** What is kept of a model's description: who it is, and its flavors without their settings. */
function describedModel(json: string): object {
  const model = objectIn(json);
  const missing = modelFields.filter((field) => !Object.hasOwn(model, field));
  if (missing.length > 0) {
    throw invalidParameter(`Model json is missing mandatory fields: ${missing.join(", ")}`);
  }
  const { run_id, utc_time_created, artifact_path, model_uuid, flavors } = model;
  const described = Object.entries(flavors ?? {}).map(([name, settings]) => {
    if (typeof settings !== "object" || settings === null) return [name, settings] as const;
    return [name, { ...settings, config: undefined }] as const;
  });
  return {
    run_id,
    artifact_path,
    utc_time_created,
    model_uuid,
    flavors: Object.fromEntries(described),
  };
}

function objectIn(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, in the same words as for other things that are no object.
  }
  throw invalidParameter(`Malformed model info. \n ${json} \n is not a valid JSON.`);
}

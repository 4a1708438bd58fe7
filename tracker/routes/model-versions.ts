import { z } from "zod";
import { modelVersionGrammar } from "../search/grammar.ts";
import { parseSearch } from "../search/parse-search.ts";
import type { ModelVersionStore } from "../store/registry.ts";
import { leadsAstray } from "./address.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import {
  Key,
  limits,
  listOf,
  maxResults,
  ModelId,
  ModelName,
  PageToken,
  Reason,
  RegistryTagValue,
  RequiredText,
  Stage,
  tagsWith,
  Text,
  textUpTo,
  VersionNumber,
} from "./fields.ts";

/** An address, which must not lead anywhere else than it says. */
const Source = textUpTo(limits.addressLength, "source")
  .min(1)
  .refine((source) => !leadsAstray(source), {
    error: (issue) =>
      `Invalid model version source: '${String(issue.input)}'. Please provide an absolute path without relative path references.`,
  });

/** Operations on model versions. */
export function modelVersionEndpoints(versions: ModelVersionStore): Endpoint[] {
  const OfVersion = z.object({ name: ModelName, version: VersionNumber });
  return [
    createEndpoint(versions),
    endpoint("get", "/model-versions/get", OfVersion, async ({ name, version }) => ({
      model_version: await versions.get(name, version),
    })),
    searchEndpoint(versions),
    endpoint(
      ["get", "post"],
      "/registered-models/get-latest-versions",
      z.object({ name: ModelName, stages: listOf(Stage) }),
      async ({ name, stages }) => ({ model_versions: await versions.latest(name, stages) }),
    ),
    endpoint(
      "patch",
      "/model-versions/update",
      OfVersion.extend({ description: Text.optional() }),
      async ({ name, version, description }) => ({
        model_version: await versions.update(name, version, description),
      }),
    ),
    transitionEndpoint(versions),
    endpoint("delete", "/model-versions/delete", OfVersion, ({ name, version }, caller) =>
      versions.delete(name, version, caller),
    ),
    endpoint(
      "post",
      "/model-versions/set-tag",
      OfVersion.extend({ key: Key, value: RegistryTagValue }),
      ({ name, version, ...tag }) => versions.setTag(name, version, tag),
    ),
    endpoint(
      "delete",
      "/model-versions/delete-tag",
      OfVersion.extend({ key: RequiredText }),
      ({ name, version, key }) => versions.deleteTag(name, version, key),
    ),
    endpoint("get", "/model-versions/get-download-uri", OfVersion, async ({ name, version }) => ({
      artifact_uri: await versions.downloadUri(name, version),
    })),
  ];
}

function createEndpoint(versions: ModelVersionStore): Endpoint {
  return endpoint(
    "post",
    "/model-versions/create",
    z.object({
      name: ModelName,
      source: Source,
      run_id: Text.optional(),
      run_link: Text.optional(),
      model_id: ModelId.or(z.literal("")).optional(),
      description: Text.optional(),
      tags: tagsWith(RegistryTagValue),
    }),
    async (fields) => ({ model_version: await versions.create(fields) }),
  );
}

function transitionEndpoint(versions: ModelVersionStore): Endpoint {
  return endpoint(
    "post",
    "/model-versions/transition-stage",
    z
      .object({
        name: ModelName,
        version: VersionNumber,
        stage: Stage,
        archive_existing_versions: z.boolean().default(false),
        reason: Reason,
      })
      .superRefine(({ stage, archive_existing_versions }, context) => {
        if (!archive_existing_versions || stage === "Staging" || stage === "Production") return;
        context.addIssue({
          code: "custom",
          message: `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are Staging, Production`,
        });
      }),
    async ({ reason, ...transition }, caller) => ({
      model_version: await versions.transition(transition, { ...caller, reason }),
    }),
  );
}

function searchEndpoint(versions: ModelVersionStore): Endpoint {
  return endpoint(
    "get",
    "/model-versions/search",
    z.object({
      filter: Text.default(""),
      max_results: maxResults(200_000, 10_000),
      order_by: listOf(Text),
      page_token: PageToken,
    }),
    async (fields) => {
      const { rows, nextPageToken } = await versions.search(
        parseSearch(fields, modelVersionGrammar),
      );
      return { model_versions: rows, next_page_token: nextPageToken };
    },
  );
}

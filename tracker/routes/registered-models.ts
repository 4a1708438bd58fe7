import { z } from "zod";
import { registeredModelGrammar } from "../search/grammar.ts";
import { parseSearch } from "../search/parse-search.ts";
import type { RegisteredModelStore } from "../store/registry.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import {
  Key,
  listOf,
  maxResults,
  ModelName,
  PageToken,
  RegistryTagValue,
  RequiredText,
  tagsWith,
  Text,
} from "./fields.ts";

/** Operations on registered models; their aliases are in `aliases.ts`. */
export function registeredModelEndpoints(models: RegisteredModelStore): Endpoint[] {
  const OfModel = z.object({ name: ModelName });
  return [
    endpoint(
      "post",
      "/registered-models/create",
      OfModel.extend({ description: Text.optional(), tags: tagsWith(RegistryTagValue) }),
      async (fields) => ({ registered_model: await models.create(fields) }),
    ),
    endpoint("get", "/registered-models/get", OfModel, async ({ name }) => ({
      registered_model: await models.get(name),
    })),
    searchEndpoint(models),
    endpoint(
      "patch",
      "/registered-models/update",
      OfModel.extend({ description: Text.default("") }),
      async ({ name, description }) => ({
        registered_model: await models.update(name, description),
      }),
    ),
    endpoint(
      "post",
      "/registered-models/rename",
      OfModel.extend({ new_name: ModelName }),
      async ({ name, new_name }, caller) => ({
        registered_model: await models.rename(name, new_name, caller),
      }),
    ),
    endpoint("delete", "/registered-models/delete", OfModel, ({ name }, caller) =>
      models.delete(name, caller),
    ),
    endpoint(
      "post",
      "/registered-models/set-tag",
      OfModel.extend({ key: Key, value: RegistryTagValue }),
      ({ name, ...tag }) => models.setTag(name, tag),
    ),
    endpoint(
      "delete",
      "/registered-models/delete-tag",
      OfModel.extend({ key: RequiredText }),
      ({ name, key }) => models.deleteTag(name, key),
    ),
  ];
}

function searchEndpoint(models: RegisteredModelStore): Endpoint {
  return endpoint(
    "get",
    "/registered-models/search",
    z.object({
      filter: Text.default(""),
      max_results: maxResults(1000, 100),
      order_by: listOf(Text),
      page_token: PageToken,
    }),
    async (fields) => {
      const { rows, nextPageToken } = await models.search(
        parseSearch(fields, registeredModelGrammar),
      );
      return { registered_models: rows, next_page_token: nextPageToken };
    },
  );
}

import { z } from "zod";
import type { AliasStore } from "../store/registry.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import {
  AliasName,
  maxResults,
  ModelName,
  NewAliasName,
  PageToken,
  VersionNumber,
} from "./fields.ts";

/** Operations on the aliases of registered models. */
export function aliasEndpoints(aliases: AliasStore): Endpoint[] {
  const OfAlias = z.object({ name: ModelName, alias: AliasName });
  return [
    endpoint("get", "/registered-models/alias", OfAlias, async ({ name, alias }) => ({
      model_version: await aliases.get(name, alias),
    })),
    endpoint(
      "post",
      "/registered-models/alias",
      z.object({ name: ModelName, alias: NewAliasName, version: VersionNumber }),
      ({ name, alias, version }, caller) => aliases.set(name, alias, version, caller),
    ),
    endpoint("delete", "/registered-models/alias", OfAlias, ({ name, alias }, caller) =>
      aliases.delete(name, alias, caller),
    ),
  ];
}

/** What MLflow has no operation for: every move that an alias ever made. */
export function aliasHistoryEndpoints(aliases: AliasStore): Endpoint[] {
  return [
    endpoint(
      "get",
      "/registered-models/alias-history",
      z.object({
        name: ModelName,
        alias: AliasName.optional(),
        max_results: maxResults(10_000, 1000),
        page_token: PageToken,
      }),
      async (request) => {
        const { rows, nextPageToken } = await aliases.history(request);
        return { moves: rows, next_page_token: nextPageToken };
      },
    ),
  ];
}

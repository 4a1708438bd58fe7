import { z } from "zod";
import type { AliasStore } from "../store/registry.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { AliasName, ModelName, NewAliasName, Reason, VersionNumber } from "./fields.ts";

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
      z.object({ name: ModelName, alias: NewAliasName, version: VersionNumber, reason: Reason }),
      ({ name, alias, version, reason }, caller) =>
        aliases.set(name, alias, version, { ...caller, reason }),
    ),
    endpoint(
      "delete",
      "/registered-models/alias",
      OfAlias.extend({ reason: Reason }),
      ({ name, alias, reason }, caller) => aliases.delete(name, alias, { ...caller, reason }),
    ),
  ];
}

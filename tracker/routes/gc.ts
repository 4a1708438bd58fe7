import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { collectGarbage } from "../gc/collect-garbage.ts";
import { GcRequest, policyOf } from "../gc/request.ts";
import type { GarbageStore } from "../store/garbage.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";

/** Frees what is deleted and displaced, as `mlflow gc` does from the command line. */
export function gcEndpoints(store: GarbageStore, artifacts: ArtifactStore): Endpoint[] {
  return [
    endpoint("post", "/gc", GcRequest, (request) =>
      collectGarbage({
        store,
        artifacts,
        policy: policyOf(request),
        dryRun: request.dry_run,
        now: Date.now(),
      }),
    ),
  ];
}

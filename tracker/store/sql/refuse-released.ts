import type { Kysely } from "kysely";
import { latestReleases } from "../../gc/plan.ts";
import { invalidParameter } from "../../mlflow-error.ts";
import { stacksOf } from "./garbage-facts.ts";
import type { TrackerDatabase } from "./schema.ts";

/**
 * Refuses to delete a version, or all of a model, that a stack serves or would roll back to.
 * @throws {HttpError} 400
 */
export async function refuseReleased(
  db: Kysely<TrackerDatabase>,
  { name, version }: { name: string; version?: number },
): Promise<void> {
  for (const [released, stack] of latestReleases(await stacksOf(db, name))) {
    if (version !== undefined && released.version !== version) continue;
    throw invalidParameter(
      `Version ${released.version} of ${name} is one that the stack ${stack} serves or rolls back to. Delete its tag updraft.stack.${stack} first if that is no longer so.`,
    );
  }
}

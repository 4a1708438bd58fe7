import type { Kysely } from "kysely";
import type { Mover } from "../promotions.ts";
import type { ModelVersion, StageTransition } from "../registry.ts";
import { modelVersion, modelVersionRow } from "./model-version-row.ts";
import { recordStageMove } from "./record-promotion.ts";
import { lockRegisteredModel } from "./registered-model-row.ts";
import type { TrackerDatabase } from "./schema.ts";

/** Moves a version to a stage and, on demand, those that are there to the archive. */
export async function transitionStage(
  db: Kysely<TrackerDatabase>,
  { name, version, stage, archive_existing_versions }: StageTransition,
  mover: Mover,
): Promise<ModelVersion> {
  return db.transaction().execute(async (trx) => {
    await lockRegisteredModel(trx, name);
    const { current_stage: from } = await modelVersionRow(trx, name, version);
    const now = Date.now();
    const others = archive_existing_versions
      ? await trx
          .updateTable("model_versions")
          .set({ current_stage: "Archived", last_updated_time: now })
          .where("name", "=", name)
          .where("current_stage", "=", stage)
          .where("version", "<>", version)
          .returning("version")
          .execute()
      : [];
    await trx
      .updateTable("model_versions")
      .set({ current_stage: stage, last_updated_time: now })
      .where("name", "=", name)
      .where("version", "=", version)
      .execute();
    await trx
      .updateTable("registered_models")
      .set({ last_updated_time: now })
      .where("name", "=", name)
      .execute();
    const archived = { name, from: stage, to: "Archived", cause: "archived" } as const;
    for (const other of others.toSorted((a, b) => a.version - b.version)) {
      await recordStageMove(trx, { ...archived, version: other.version }, mover);
    }
    await recordStageMove(trx, { name, version, from, to: stage, cause: "set" }, mover);
    return modelVersion(trx, name, version);
  });
}

import { sql, type Kysely } from "kysely";
import type { TrackerStore } from "../tracker-store.ts";
import type { TrackerDatabase } from "./schema.ts";
import { createSqlAliases } from "./sql-aliases.ts";
import { createSqlExperiments } from "./sql-experiments.ts";
import { createSqlLoggedModels } from "./sql-logged-models.ts";
import { createSqlModelVersions } from "./sql-model-versions.ts";
import { createSqlGarbage } from "./sql-garbage.ts";
import { createSqlPromotions } from "./sql-promotions.ts";
import { createSqlRegisteredModels } from "./sql-registered-models.ts";
import { createSqlRuns } from "./sql-runs.ts";

/** The tracker's memory in a database that is open and migrated. */
export function createSqlStore(db: Kysely<TrackerDatabase>): TrackerStore {
  return {
    experiments: createSqlExperiments(db),
    runs: createSqlRuns(db),
    loggedModels: createSqlLoggedModels(db),
    registeredModels: createSqlRegisteredModels(db),
    modelVersions: createSqlModelVersions(db),
    aliases: createSqlAliases(db),
    promotions: createSqlPromotions(db),
    garbage: createSqlGarbage(db),
    async check() {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}

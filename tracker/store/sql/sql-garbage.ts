import type { Kysely, Transaction } from "kysely";
import type { FolderFact, LoggedModelFact, RunFact, VersionFact } from "../../gc/plan.ts";
import type { GarbageStore } from "../garbage.ts";
import {
  chunksOf,
  experimentFacts,
  loggedModelFacts,
  namersOf,
  runFacts,
  runningFacts,
  versionFacts,
} from "./garbage-facts.ts";
import { lockRegisteredModel } from "./registered-model-row.ts";
import type { TrackerDatabase } from "./schema.ts";
import {
  noteRemoval,
  noteUnused,
  noteUnusedOfVersions,
  packageLocation,
  snapshotLocation,
} from "./unused-locations.ts";

type Db = Kysely<TrackerDatabase>;
type Trx = Transaction<TrackerDatabase>;

/** How much is deleted in one transaction: others wait for it to end. */
const perTransaction = 50;

/** What `gc` works with, in a database. */
export function createSqlGarbage(db: Db): GarbageStore {
  return {
    versionFacts: () => versionFacts(db),
    runningFacts: () => runningFacts(db),
    runFacts: (request) => runFacts(db, request),
    loggedModelFacts: (request) => loggedModelFacts(db, request),
    experimentFacts: (ids) => experimentFacts(db, ids),
    unusedFolders: () =>
      db
        .selectFrom("unused_locations")
        .select(["location", "since"])
        .where("freeing", "=", 0)
        .execute(),
    namersOf: (digest) => namersOf(db, digest),
    freeVersions: (versions) => inTransactions(db, versions, freeVersion),
    freeRuns: (runs) => inTransactions(db, runs, freeRun),
    freeLoggedModels: (models) => inTransactions(db, models, freeLoggedModel),
    freeExperiments: (ids) => inTransactions(db, ids, freeExperiment),
    freeFolders: (folders) => inTransactions(db, folders, freeFolder),
    async forgetFolders(folders) {
      for (const { location } of folders) await forget(db, location);
    },
    removals: async () => {
      const noted = db.selectFrom("unused_locations").select("location").where("freeing", "=", 1);
      return (await noted.orderBy("location").execute()).map((row) => row.location);
    },
    removed: (location) => forget(db, location),
  };
}

/** Frees things some at a time; gives those that were still to be freed. */
async function inTransactions<Item>(
  db: Db,
  items: readonly Item[],
  free: (trx: Trx, item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const freed: Item[] = [];
  for (const some of chunksOf(items, perTransaction)) {
    const ofThese = await db.transaction().execute(async (trx) => {
      const done: Item[] = [];
      for (const item of some) if (await free(trx, item)) done.push(item);
      return done;
    });
    freed.push(...ofThese);
  }
  return freed;
}

async function freeVersion(trx: Trx, { name, version }: VersionFact): Promise<boolean> {
  const isThere = await trx
    .selectFrom("registered_models")
    .select("name")
    .where("name", "=", name)
    .executeTakeFirst();
  if (!isThere) return false;
  await lockRegisteredModel(trx, name);
  await noteUnusedOfVersions(trx, { name, version }, 0);
  const { numDeletedRows } = await trx
    .deleteFrom("model_versions")
    .where("name", "=", name)
    .where("version", "=", version)
    .where("current_stage", "not in", ["Staging", "Production"])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("aliases")
            .select("alias")
            .whereRef("aliases.name", "=", "model_versions.name")
            .whereRef("aliases.version", "=", "model_versions.version"),
        ),
      ),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

async function freeRun(trx: Trx, run: RunFact): Promise<boolean> {
  const { runId, location, deletedAt, model, digest, datasetDigest } = run;
  let deletion = trx
    .deleteFrom("runs")
    .where("run_id", "=", runId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("model_versions")
            .select("model_versions.name")
            .whereRef("model_versions.run_id", "=", "runs.run_id"),
        ),
      ),
    );
  // It may have been restored, or started again, since it was found.
  deletion =
    deletedAt === undefined
      ? deletion.where("status", "not in", ["RUNNING", "SCHEDULED"])
      : deletion.where("lifecycle_stage", "=", "deleted");
  const { numDeletedRows } = await deletion.executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await noteRemoval(trx, location);
  const made = model && digest ? packageLocation(model, digest) : undefined;
  const read = datasetDigest ? snapshotLocation(datasetDigest) : undefined;
  await noteUnused(trx, [made, read], 0);
  return true;
}

async function freeLoggedModel(trx: Trx, model: LoggedModelFact): Promise<boolean> {
  let deletion = trx
    .deleteFrom("logged_models")
    .where("model_id", "=", model.modelId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("model_versions")
            .select("model_versions.name")
            .whereRef("model_versions.model_id", "=", "logged_models.model_id"),
        ),
      ),
    );
  if (model.deletedAt !== undefined) {
    deletion = deletion.where(({ or, eb, exists, selectFrom }) =>
      or([
        eb("lifecycle_stage", "=", "deleted"),
        exists(
          selectFrom("experiments")
            .select("experiments.name")
            .whereRef("experiments.experiment_id", "=", "logged_models.experiment_id")
            .where("experiments.lifecycle_stage", "=", "deleted"),
        ),
      ]),
    );
  }
  const { numDeletedRows } = await deletion.executeTakeFirst();
  if (numDeletedRows === 0n) return false;
  await noteRemoval(trx, model.location);
  return true;
}

async function freeExperiment(trx: Trx, experimentId: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom("experiments")
    .where("experiment_id", "=", Number(experimentId))
    .where("lifecycle_stage", "=", "deleted")
    .where(({ and, not, exists, selectFrom }) => {
      const runs = selectFrom("runs")
        .select("run_id")
        .whereRef("runs.experiment_id", "=", "experiments.experiment_id");
      const models = selectFrom("logged_models")
        .select("model_id")
        .whereRef("logged_models.experiment_id", "=", "experiments.experiment_id");
      return and([not(exists(runs)), not(exists(models))]);
    })
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

async function freeFolder(trx: Trx, { location }: FolderFact): Promise<boolean> {
  const used = await trx
    .selectFrom("model_versions")
    .select("name")
    .where("storage_location", "=", location)
    .executeTakeFirst();
  if (used) return false;
  await noteRemoval(trx, location);
  return true;
}

async function forget(db: Db, location: string): Promise<void> {
  await db.deleteFrom("unused_locations").where("location", "=", location).execute();
}

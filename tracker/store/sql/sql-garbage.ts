import { setImmediate } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import type { FolderFact, LoggedModelFact, RunFact, VersionFact } from "../../gc/plan.ts";
import type { GarbageStore } from "../garbage.ts";
import {
  chunksOf,
  deletedRuns,
  displacedRuns,
  experimentFacts,
  loggedModelFacts,
  namersOf,
  runningFacts,
  versionFacts,
} from "./garbage-facts.ts";
import { lockRegisteredModel } from "./registered-model-row.ts";
import type { TrackerDatabase } from "./schema.ts";
import {
  noteRemovals,
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
    deletedRuns: (request) => deletedRuns(db, request),
    displacedRuns: (request) => displacedRuns(db, request),
    experimentIds: async () => {
      const rows = await db.selectFrom("experiments").select("experiment_id").execute();
      return rows.map((row) => String(row.experiment_id));
    },
    loggedModelFacts: (request) => loggedModelFacts(db, request),
    experimentFacts: (ids) => experimentFacts(db, ids),
    unusedFolders: () =>
      db
        .selectFrom("unused_locations")
        .select(["location", "since"])
        .where("freeing", "=", 0)
        .execute(),
    namersOf: (digest) => namersOf(db, digest),
    freeVersions: (versions) => inTransactions(db, versions, oneByOne(freeVersion)),
    freeRuns: (runs) => inTransactions(db, runs, freeRuns),
    freeLoggedModels: (models) => inTransactions(db, models, oneByOne(freeLoggedModel)),
    freeExperiments: (ids) => inTransactions(db, ids, oneByOne(freeExperiment)),
    freeFolders: (folders) => inTransactions(db, folders, oneByOne(freeFolder)),
    forgetFolders: (folders) =>
      forget(
        db,
        folders.map(({ location }) => location),
      ),
    removals: async () => {
      const noted = db.selectFrom("unused_locations").select("location").where("freeing", "=", 1);
      return (await noted.orderBy("location").execute()).map((row) => row.location);
    },
    removed: (locations) => forget(db, locations),
  };
}

/** Frees things some at a time; gives those that were still to be freed. */
async function inTransactions<Item>(
  db: Db,
  items: readonly Item[],
  free: (trx: Trx, some: readonly Item[]) => Promise<Item[]>,
): Promise<Item[]> {
  const freed: Item[] = [];
  for (const some of chunksOf(items, perTransaction)) {
    freed.push(...(await db.transaction().execute((trx) => free(trx, some))));
    // A database in the process lets nobody else have their turn by itself.
    await setImmediate();
  }
  return freed;
}

function oneByOne<Item>(
  free: (trx: Trx, item: Item) => Promise<boolean>,
): (trx: Trx, items: readonly Item[]) => Promise<Item[]> {
  return async (trx, items) => {
    const freed: Item[] = [];
    for (const item of items) if (await free(trx, item)) freed.push(item);
    return freed;
  };
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

async function freeRuns(trx: Trx, runs: readonly RunFact[]): Promise<RunFact[]> {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  // One may have been restored, or started again, since it was found.
  const deleted = runs.filter(({ deletedAt }) => deletedAt !== undefined);
  const gone = await trx
    .deleteFrom("runs")
    .where("run_id", "in", [...byId.keys()])
    .where(({ eb, or, and }) =>
      or([
        and([
          eb("run_id", "in", [...deleted.map(({ runId }) => runId), ""]),
          eb("lifecycle_stage", "=", "deleted"),
        ]),
        and([
          eb("run_id", "not in", [...deleted.map(({ runId }) => runId), ""]),
          eb("status", "not in", ["RUNNING", "SCHEDULED"]),
        ]),
      ]),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("model_versions")
            .select("model_versions.name")
            .whereRef("model_versions.run_id", "=", "runs.run_id"),
        ),
      ),
    )
    .returning("run_id")
    .execute();
  const freed = gone.flatMap(({ run_id }) => byId.get(run_id) ?? []);
  await noteRemovals(
    trx,
    freed.map(({ location }) => location),
  );
  const unused = freed.flatMap(({ model, digest, datasetDigest }) => [
    model && digest ? packageLocation(model, digest) : undefined,
    datasetDigest ? snapshotLocation(datasetDigest) : undefined,
  ]);
  await noteUnused(trx, unused, 0);
  return freed;
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
  await noteRemovals(trx, [model.location]);
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
  await noteRemovals(trx, [location]);
  return true;
}

async function forget(db: Db, locations: readonly string[]): Promise<void> {
  for (const some of chunksOf(locations)) {
    await db.deleteFrom("unused_locations").where("location", "in", some).execute();
  }
}

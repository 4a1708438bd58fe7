import type { Kysely, Transaction } from "kysely";
import { alreadyExists, doesNotExist, invalidParameter } from "../../mlflow-error.ts";
import type { Page } from "../../search/page-token.ts";
import type { Experiment, ExperimentStore, Tag, ViewType } from "../experiments.ts";
import { condition, sortTerms, type SearchedTable } from "./condition.ts";
import { experimentDatasets } from "./experiment-datasets.ts";
import { groupedBy } from "./grouped-by.ts";
import { nextNumber } from "./next-number.ts";
import { fetchPage } from "./page.ts";
import type { ExperimentsTable, LifecycleStage, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

const searched: SearchedTable = {
  attributes: {
    name: "experiments.name",
    experiment_id: "experiments.experiment_id",
    creation_time: "experiments.creation_time",
    last_update_time: "experiments.last_update_time",
  },
  keyed: {
    tag: { table: "experiment_tags", join: { experiment_id: "experiments.experiment_id" } },
  },
};

/** Experiments in a database. */
export function createSqlExperiments(db: Db): ExperimentStore {
  return {
    create: (experiment) => create(db, experiment),
    get: async (experimentId) => {
      const row = await experimentRow(db, experimentId);
      return experimentOf(row, await tagsOf(db, [row.experiment_id]));
    },
    getByName: (name) => getByName(db, name),
    search: (request) => search(db, request),
    rename: (experimentId, name) => rename(db, experimentId, name),
    delete: (experimentId) => setStage(db, experimentId, "deleted"),
    restore: (experimentId) => setStage(db, experimentId, "active"),
    setTag: (experimentId, tag) => setTag(db, experimentId, tag),
    deleteTag: (experimentId, key) => deleteTag(db, experimentId, key),
    datasets: (experimentIds, maxResults) => experimentDatasets(db, experimentIds, maxResults),
  };
}

/** The lifecycle stages that a view shows. */
export function stagesIn(view: ViewType): LifecycleStage[] {
  return {
    ACTIVE_ONLY: ["active" as const],
    DELETED_ONLY: ["deleted" as const],
    ALL: ["active" as const, "deleted" as const],
  }[view];
}

/** The row of an experiment. @throws {HttpError} 404 */
export async function experimentRow(db: Db, experimentId: string): Promise<ExperimentsTable> {
  const row = await db
    .selectFrom("experiments")
    .selectAll()
    .where("experiment_id", "=", Number(experimentId))
    .executeTakeFirst();
  if (!row) throw doesNotExist(`No Experiment with id=${experimentId} exists`);
  return row;
}

/** The row of an experiment that is not deleted. @throws {HttpError} 404, or 400 if it is */
export async function activeExperimentRow(db: Db, experimentId: string): Promise<ExperimentsTable> {
  const row = await experimentRow(db, experimentId);
  if (row.lifecycle_stage === "active") return row;
  throw invalidParameter(
    `The experiment ${experimentId} must be in the 'active' state. Current state is ${row.lifecycle_stage}.`,
  );
}

async function create(
  db: Db,
  { name, artifact_location, tags }: Parameters<ExperimentStore["create"]>[0],
): Promise<string> {
  return db.transaction().execute(async (trx) => {
    await checkNameIsFree(trx, name);
    const id = await nextNumber(trx, "experiment");
    const now = Date.now();
    await trx
      .insertInto("experiments")
      .values({
        experiment_id: id,
        name,
        artifact_location: artifact_location || `mlflow-artifacts:/${id}`,
        lifecycle_stage: "active",
        creation_time: now,
        last_update_time: now,
      })
      .execute();
    for (const tag of tags) await writeTag(trx, id, tag);
    return String(id);
  });
}

async function getByName(db: Db, name: string): Promise<Experiment> {
  const row = await db
    .selectFrom("experiments")
    .selectAll()
    .where("name", "=", name)
    .executeTakeFirst();
  if (!row) throw doesNotExist(`Could not find experiment with name '${name}'`);
  return experimentOf(row, await tagsOf(db, [row.experiment_id]));
}

async function search(
  db: Db,
  { filter, order_by, view_type, ...page }: Parameters<ExperimentStore["search"]>[0],
): Promise<Page<Experiment>> {
  const query = db
    .selectFrom("experiments")
    .selectAll("experiments")
    .where("lifecycle_stage", "in", stagesIn(view_type))
    .where(condition(filter, searched));
  const newestFirst = [
    { field: { entity: "attribute", key: "creation_time" }, descending: true },
    { field: { entity: "attribute", key: "experiment_id" }, descending: true },
  ] as const;
  const terms = sortTerms(
    order_by.length > 0 ? [...order_by, newestFirst[1]] : newestFirst,
    searched,
  );
  const { rows, nextPageToken } = await fetchPage(query, terms, page);
  const tags = await tagsOf(
    db,
    rows.map((row) => row.experiment_id),
  );
  return { rows: rows.map((row) => experimentOf(row, tags)), nextPageToken };
}

async function rename(db: Db, experimentId: string, name: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await activeExperimentRow(trx, experimentId);
    if (row.name === name) return;
    await checkNameIsFree(trx, name);
    await trx
      .updateTable("experiments")
      .set({ name, last_update_time: Date.now() })
      .where("experiment_id", "=", row.experiment_id)
      .execute();
  });
}

async function checkNameIsFree(trx: Transaction<TrackerDatabase>, name: string): Promise<void> {
  const taken = await trx
    .selectFrom("experiments")
    .select("lifecycle_stage")
    .where("name", "=", name)
    .executeTakeFirst();
  if (!taken) return;
  const deleted = taken.lifecycle_stage === "deleted" ? " in deleted state" : "";
  throw alreadyExists(
    `Experiment(name=${name}) already exists${deleted}. Choose another name${deleted && ", or restore it"}.`,
  );
}

/** The runs of an experiment are deleted and restored with it, as MLflow does. */
async function setStage(db: Db, experimentId: string, stage: LifecycleStage): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { experiment_id } = await experimentRow(trx, experimentId);
    const now = Date.now();
    await trx
      .updateTable("experiments")
      .set({ lifecycle_stage: stage, last_update_time: now })
      .where("experiment_id", "=", experiment_id)
      .execute();
    await trx
      .updateTable("runs")
      .set((eb) => ({
        lifecycle_stage: stage,
        deleted_time: stage === "deleted" ? now : null,
        revision: eb("revision", "+", 1),
      }))
      .where("experiment_id", "=", experiment_id)
      .where("lifecycle_stage", "<>", stage)
      .execute();
  });
}

async function setTag(db: Db, experimentId: string, tag: Tag): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { experiment_id } = await activeExperimentRow(trx, experimentId);
    await writeTag(trx, experiment_id, tag);
    await touch(trx, experiment_id);
  });
}

async function deleteTag(db: Db, experimentId: string, key: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { experiment_id } = await activeExperimentRow(trx, experimentId);
    const { numDeletedRows } = await trx
      .deleteFrom("experiment_tags")
      .where("experiment_id", "=", experiment_id)
      .where("key", "=", key)
      .executeTakeFirst();
    if (numDeletedRows === 0n) {
      throw doesNotExist(`No tag with name: ${key} in experiment with id ${experimentId}`);
    }
    await touch(trx, experiment_id);
  });
}

async function touch(trx: Transaction<TrackerDatabase>, id: number): Promise<void> {
  await trx
    .updateTable("experiments")
    .set({ last_update_time: Date.now() })
    .where("experiment_id", "=", id)
    .execute();
}

async function writeTag(
  trx: Transaction<TrackerDatabase>,
  id: number,
  { key, value }: Tag,
): Promise<void> {
  await trx
    .insertInto("experiment_tags")
    .values({ experiment_id: id, key, value })
    .onConflict((conflict) => conflict.columns(["experiment_id", "key"]).doUpdateSet({ value }))
    .execute();
}

async function tagsOf(db: Db, ids: readonly number[]): Promise<Map<number, Tag[]>> {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom("experiment_tags")
          .selectAll()
          .where("experiment_id", "in", ids)
          .orderBy("key")
          .execute();
  return groupedBy(
    rows,
    (row) => row.experiment_id,
    ({ key, value }) => ({ key, value }),
  );
}

function experimentOf(row: ExperimentsTable, tags: ReadonlyMap<number, Tag[]>): Experiment {
  return {
    experiment_id: String(row.experiment_id),
    name: row.name,
    artifact_location: row.artifact_location,
    lifecycle_stage: row.lifecycle_stage,
    creation_time: row.creation_time,
    last_update_time: row.last_update_time,
    tags: tags.get(row.experiment_id) ?? [],
  };
}

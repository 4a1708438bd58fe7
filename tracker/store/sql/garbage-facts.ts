import type { Kysely } from "kysely";
import type {
  ExperimentFact,
  LoggedModelFact,
  RunFact,
  RunningFact,
  VersionFact,
} from "../../gc/plan.ts";
import type { GarbageStore } from "../garbage.ts";
import { groupedBy } from "./grouped-by.ts";
import type { LifecycleStage, RunsTable, TrackerDatabase } from "./schema.ts";
import { datasetTag } from "./unused-locations.ts";

type Db = Kysely<TrackerDatabase>;

/** Most values that one `in` has: databases limit how many parameters a statement may have. */
export const mostInList = 500;

const stackTag = "updraft.stack.";
const runTags = ["updraft.model", "updraft.digest", datasetTag, "updraft.owner.pid"];

/** Every version with all that may keep it. */
export async function versionFacts(db: Db): Promise<VersionFact[]> {
  const rows = await db
    .selectFrom("model_versions")
    .select(["name", "version", "creation_time", "current_stage", "storage_location"])
    .select(["run_id", "model_id"])
    .execute();
  const aliases = groupedBy(
    await db.selectFrom("aliases").selectAll().execute(),
    keyOf,
    (row) => row.alias,
  );
  const tagRows = await db
    .selectFrom("model_version_tags")
    .selectAll()
    .where((eb) => eb.or([eb("key", "=", datasetTag), eb("key", "like", `${stackTag}%`)]))
    .execute();
  const tags = groupedBy(tagRows, keyOf, ({ key, value }) => [key, value] as const);
  return rows.map((row) => {
    const own = tags.get(keyOf(row)) ?? [];
    return {
      name: row.name,
      version: row.version,
      createdAt: row.creation_time,
      stage: row.current_stage,
      aliases: aliases.get(keyOf(row)) ?? [],
      stacks: stacksIn(own),
      runId: row.run_id ?? undefined,
      modelId: row.model_id ?? undefined,
      location: row.storage_location,
      datasetDigest: own.find(([key]) => key === datasetTag)?.[1],
    };
  });
}

/** The versions of a model that stacks took over. */
export async function stacksOf(
  db: Db,
  name: string,
): Promise<Pick<VersionFact, "name" | "version" | "stacks">[]> {
  const rows = await db
    .selectFrom("model_version_tags")
    .selectAll()
    .where("name", "=", name)
    .where("key", "like", `${stackTag}%`)
    .orderBy("version")
    .execute();
  const tags = groupedBy(
    rows,
    (row) => row.version,
    ({ key, value }) => [key, value] as const,
  );
  return [...tags].map(([version, own]) => ({ name, version, stacks: stacksIn(own) }));
}

/** A time that cannot be read counts as the latest: what it was meant to keep is kept. */
function stacksIn(tags: readonly (readonly [string, string])[]): Record<string, number> {
  const ofStacks = tags.filter(([key]) => key.startsWith(stackTag));
  return Object.fromEntries(
    ofStacks.map(([key, value]) => {
      const at = Date.parse(value);
      return [key.slice(stackTag.length), Number.isNaN(at) ? Infinity : at];
    }),
  );
}

/** Every run that is going on, with what it uses. */
export async function runningFacts(db: Db): Promise<RunningFact[]> {
  const rows = await db
    .selectFrom("runs")
    .select("run_id")
    .where("status", "in", ["RUNNING", "SCHEDULED"])
    .where("lifecycle_stage", "=", "active")
    .execute();
  const ids = rows.map((row) => row.run_id);
  const tags = await runTagsOf(db, ids);
  const models = await modelsOf(db, ids);
  return ids.map((runId) => ({
    runId,
    isTrainer: tags.get(runId)?.has("updraft.owner.pid") ?? false,
    digest: tags.get(runId)?.get("updraft.digest"),
    datasetDigest: tags.get(runId)?.get(datasetTag),
    modelIds: models.get(runId) ?? [],
  }));
}

/** Deleted runs, in the order of their ids. */
export async function deletedRuns(
  db: Db,
  { experimentIds, after, limit }: Parameters<GarbageStore["deletedRuns"]>[0],
): Promise<RunFact[]> {
  let query = db
    .selectFrom("runs")
    .selectAll()
    .where("lifecycle_stage", "=", "deleted")
    .where("run_id", ">", after);
  if (experimentIds !== undefined) {
    query = query.where("experiment_id", "in", [...experimentIds.map(Number), -1]);
  }
  return factsOf(db, await query.orderBy("run_id").limit(limit).execute());
}

/** Runs that newer ones of their experiment displace, the newest of them first. */
export async function displacedRuns(
  db: Db,
  { experimentId, keep, after, limit }: Parameters<GarbageStore["displacedRuns"]>[0],
): Promise<RunFact[]> {
  const newestFirst = db
    .selectFrom("runs")
    .where("experiment_id", "=", Number(experimentId))
    .where("lifecycle_stage", "=", "active")
    .orderBy("start_time", "desc")
    .orderBy("run_id");
  const lastKept = await newestFirst
    .select(["run_id as runId", "start_time as startedAt"])
    .limit(1)
    .offset(keep - 1)
    .executeTakeFirst();
  const last = after ?? lastKept;
  if (!last) return [];
  const rows = await newestFirst
    .selectAll()
    .where((eb) =>
      eb.or([
        eb("start_time", "<", last.startedAt),
        eb.and([eb("start_time", "=", last.startedAt), eb("run_id", ">", last.runId)]),
      ]),
    )
    .limit(limit)
    .execute();
  return factsOf(db, rows);
}

async function factsOf(db: Db, rows: readonly RunsTable[]): Promise<RunFact[]> {
  const tags = await runTagsOf(
    db,
    rows.map((row) => row.run_id),
  );
  return rows.map((row) => ({
    runId: row.run_id,
    status: row.status,
    location: row.artifact_uri,
    deletedAt: row.lifecycle_stage === "deleted" ? (row.deleted_time ?? 0) : undefined,
    startedAt: row.start_time,
    endedAt: row.end_time ?? row.start_time,
    model: tags.get(row.run_id)?.get("updraft.model"),
    digest: tags.get(row.run_id)?.get("updraft.digest"),
    datasetDigest: tags.get(row.run_id)?.get(datasetTag),
  }));
}

/** Deleted logged models and those of deleted experiments, or those that some runs made. */
export async function loggedModelFacts(
  db: Db,
  { experimentIds, ofRuns }: Parameters<GarbageStore["loggedModelFacts"]>[0],
): Promise<LoggedModelFact[]> {
  let query = db
    .selectFrom("logged_models as m")
    .innerJoin("experiments as e", "e.experiment_id", "m.experiment_id")
    .select(["m.model_id", "m.artifact_location", "m.lifecycle_stage", "m.last_updated_time"])
    .select(["e.lifecycle_stage as experiment_stage", "e.last_update_time as experiment_time"]);
  query =
    ofRuns.length === 0
      ? query.where((eb) =>
          eb.or([eb("m.lifecycle_stage", "=", "deleted"), eb("e.lifecycle_stage", "=", "deleted")]),
        )
      : query.where("m.source_run_id", "in", ofRuns);
  if (experimentIds !== undefined) {
    query = query.where("m.experiment_id", "in", [...experimentIds.map(Number), -1]);
  }
  const rows = await query.orderBy("m.model_id").execute();
  return rows.map((row) => ({
    modelId: row.model_id,
    location: row.artifact_location,
    deletedAt: deletedTime(row),
  }));
}

function deletedTime(row: {
  lifecycle_stage: LifecycleStage;
  last_updated_time: number;
  experiment_stage: LifecycleStage;
  experiment_time: number;
}): number | undefined {
  if (row.lifecycle_stage === "deleted") return row.last_updated_time;
  return row.experiment_stage === "deleted" ? row.experiment_time : undefined;
}

/** Deleted experiments with what is still in them. */
export async function experimentFacts(
  db: Db,
  experimentIds?: readonly string[],
): Promise<ExperimentFact[]> {
  let query = db
    .selectFrom("experiments")
    .select(["experiment_id", "last_update_time"])
    .where("lifecycle_stage", "=", "deleted");
  if (experimentIds !== undefined) {
    query = query.where("experiment_id", "in", [...experimentIds.map(Number), -1]);
  }
  const facts: ExperimentFact[] = [];
  for (const { experiment_id, last_update_time } of await query.execute()) {
    const runs = db.selectFrom("runs").select("run_id").where("experiment_id", "=", experiment_id);
    const models = db
      .selectFrom("logged_models")
      .select("model_id")
      .where("experiment_id", "=", experiment_id);
    facts.push({
      experimentId: String(experiment_id),
      deletedAt: last_update_time,
      runIds: (await runs.execute()).map((row) => row.run_id),
      modelIds: (await models.execute()).map((row) => row.model_id),
    });
  }
  return facts;
}

/** Who names a snapshot: by its digest in a tag, or by its address among the inputs. */
export async function namersOf(
  db: Db,
  datasetDigest: string,
): ReturnType<GarbageStore["namersOf"]> {
  const tagged = await db
    .selectFrom("run_tags")
    .select("run_id")
    .where("key", "=", datasetTag)
    .where("value", "=", datasetDigest)
    .execute();
  const hex = datasetDigest.replace(/^sha256:/, "");
  const fed = await db
    .selectFrom("datasets")
    .innerJoin("run_inputs", "run_inputs.dataset_uuid", "datasets.dataset_uuid")
    .select("run_inputs.run_id")
    .where("datasets.source", "like", `%datasets/${hex}%`)
    .execute();
  const versions = await db
    .selectFrom("model_version_tags")
    .select(["name", "version"])
    .where("key", "=", datasetTag)
    .where("value", "=", datasetDigest)
    .execute();
  return { runIds: [...tagged, ...fed].map((row) => row.run_id), versions };
}

async function runTagsOf(
  db: Db,
  runIds: readonly string[],
): Promise<Map<string, Map<string, string>>> {
  const tags = new Map<string, Map<string, string>>();
  for (const ids of chunksOf(runIds)) {
    const rows = await db
      .selectFrom("run_tags")
      .selectAll()
      .where("run_id", "in", ids)
      .where("key", "in", runTags)
      .execute();
    for (const { run_id, key, value } of rows) {
      tags.set(run_id, (tags.get(run_id) ?? new Map<string, string>()).set(key, value));
    }
  }
  return tags;
}

async function modelsOf(db: Db, runIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows: { run_id: string; model_id: string }[] = [];
  for (const ids of chunksOf(runIds)) {
    const found = db.selectFrom("run_models").select(["run_id", "model_id"]);
    rows.push(...(await found.where("run_id", "in", ids).execute()));
    const made = db
      .selectFrom("logged_models")
      .select(["source_run_id as run_id", "model_id"])
      .where("source_run_id", "in", ids);
    rows.push(...(await made.$narrowType<{ run_id: string }>().execute()));
  }
  return groupedBy(
    rows,
    (row) => row.run_id,
    (row) => row.model_id,
  );
}

/** A list in pieces that fit into one statement. */
export function chunksOf<Item>(items: readonly Item[], size = mostInList): Item[][] {
  const chunks: Item[][] = [];
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size));
  }
  return chunks;
}

function keyOf({ name, version }: { name: string; version: number }): string {
  return `${version} ${name}`;
}

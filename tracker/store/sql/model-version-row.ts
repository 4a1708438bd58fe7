import { sql, type Kysely } from "kysely";
import { doesNotExist } from "../../mlflow-error.ts";
import type { Tag } from "../experiments.ts";
import type { ModelStage, ModelVersion } from "../registry.ts";
import { groupedBy } from "./grouped-by.ts";
import type { ModelVersionsTable, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

/** How many versions one statement fetches the tags of. */
const versionsPerStatement = 500;

/** The row of a model version. @throws {HttpError} 404 */
export async function modelVersionRow(
  db: Db,
  name: string,
  version: number,
): Promise<ModelVersionsTable> {
  const row = await db
    .selectFrom("model_versions")
    .selectAll()
    .where("name", "=", name)
    .where("version", "=", version)
    .executeTakeFirst();
  if (!row) throw doesNotExist(`Model Version (name=${name}, version=${version}) not found`);
  return row;
}

/** A model version. @throws {HttpError} 404 */
export async function modelVersion(db: Db, name: string, version: number): Promise<ModelVersion> {
  const [complete] = await completeVersions(db, [await modelVersionRow(db, name, version)]);
  if (!complete) throw new Error("unreachable: as many versions as rows");
  return complete;
}

/** The latest version of each stage, of each of the models. */
export async function latestVersions(db: Db, names: readonly string[]): Promise<ModelVersion[]> {
  if (names.length === 0) return [];
  const rows = await db
    .selectFrom("model_versions")
    .selectAll()
    .where("name", "in", names)
    .where(
      sql<boolean>`version = (select max(other.version) from model_versions as other where other.name = model_versions.name and other.current_stage = model_versions.current_stage)`,
    )
    .orderBy("name")
    .orderBy("version")
    .execute();
  return completeVersions(db, rows);
}

/** Model versions with their tags and aliases, in the order of their rows. */
export async function completeVersions(
  db: Db,
  rows: readonly ModelVersionsTable[],
): Promise<ModelVersion[]> {
  const versions: ModelVersion[] = [];
  for (let start = 0; start < rows.length; start += versionsPerStatement) {
    versions.push(...(await withTags(db, rows.slice(start, start + versionsPerStatement))));
  }
  return versions;
}

async function withTags(db: Db, rows: readonly ModelVersionsTable[]): Promise<ModelVersion[]> {
  const names = [...new Set(rows.map((row) => row.name))];
  const tags = await tagsOf(db, names, [...new Set(rows.map((row) => row.version))]);
  const aliases = await aliasesOf(db, names);
  return rows.map((row) => ({
    name: row.name,
    version: String(row.version),
    creation_timestamp: row.creation_time,
    last_updated_timestamp: row.last_updated_time,
    current_stage: row.current_stage as ModelStage,
    description: row.description ?? "",
    source: row.source,
    run_id: row.run_id ?? "",
    run_link: row.run_link ?? "",
    model_id: row.model_id ?? undefined,
    status: row.status,
    tags: tags.get(keyOf(row)) ?? [],
    aliases: aliases.get(keyOf(row)) ?? [],
  }));
}

/** The tags of the versions with some numbers of some models, which may be more than are asked for. */
async function tagsOf(
  db: Db,
  names: readonly string[],
  versions: readonly number[],
): Promise<Map<string, Tag[]>> {
  const rows = await db
    .selectFrom("model_version_tags")
    .selectAll()
    .where("name", "in", names)
    .where("version", "in", versions)
    .orderBy("key")
    .execute();
  return groupedBy(rows, keyOf, ({ key, value }) => ({ key, value }));
}

async function aliasesOf(db: Db, names: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom("aliases")
    .selectAll()
    .where("name", "in", names)
    .orderBy("alias")
    .execute();
  return groupedBy(rows, keyOf, ({ alias }) => alias);
}

function keyOf({ name, version }: { name: string; version: number }): string {
  return `${version} ${name}`;
}

import type { Kysely } from "kysely";
import { endsInDigest } from "../../gc/address.ts";
import type { TrackerDatabase } from "./schema.ts";

/** The tag that names the snapshot of a run or of a version. */
export const datasetTag = "updraft.datasetDigest";

/** Address of a snapshot; @param digest `sha256:<hex>` */
export function snapshotLocation(digest: string): string {
  return `mlflow-artifacts:/datasets/${digest.replace(/^sha256:/, "")}`;
}

/** Address of a package. */
export function packageLocation(model: string, digest: string): string {
  return `mlflow-artifacts:/models/${model}/${digest.replace(/^sha256:/, "")}`;
}

/**
 * Notes that something that referred to packages or snapshots is gone. Other addresses are left
 * alone: what lies there is a run's, or not the tracker's.
 * @param since 0 if their time has come already
 */
export async function noteUnused(
  db: Kysely<TrackerDatabase>,
  locations: readonly (string | undefined)[],
  since: number,
): Promise<void> {
  const noted = new Set(locations.filter((location) => location !== undefined));
  for (const location of noted) {
    if (!endsInDigest(location)) continue;
    await db
      .insertInto("unused_locations")
      .values({ location, since, freeing: 0 })
      .onConflict((conflict) => conflict.column("location").doNothing())
      .execute();
  }
}

/** Notes that what versions refer to may be unused once they are deleted. */
export async function noteUnusedOfVersions(
  db: Kysely<TrackerDatabase>,
  { name, version }: { name: string; version?: number },
  since: number,
): Promise<void> {
  let versions = db
    .selectFrom("model_versions")
    .select("storage_location")
    .where("name", "=", name);
  let tags = db
    .selectFrom("model_version_tags")
    .select("value")
    .where("name", "=", name)
    .where("key", "=", datasetTag);
  if (version !== undefined) {
    versions = versions.where("version", "=", version);
    tags = tags.where("version", "=", version);
  }
  const locations = (await versions.execute()).map((row) => row.storage_location);
  const snapshots = (await tags.execute()).map((row) => snapshotLocation(row.value));
  await noteUnused(db, [...locations, ...snapshots], since);
}

/** Notes that the bytes at some addresses are to be removed; the empty text is none. */
export async function noteRemovals(
  db: Kysely<TrackerDatabase>,
  locations: readonly string[],
): Promise<void> {
  const noted = [...new Set(locations)].filter((location) => location !== "");
  if (noted.length === 0) return;
  await db
    .insertInto("unused_locations")
    .values(noted.map((location) => ({ location, since: 0, freeing: 1 })))
    .onConflict((conflict) => conflict.column("location").doUpdateSet({ freeing: 1 }))
    .execute();
}

import type { Kysely } from "kysely";
import { doesNotExist, invalidParameter } from "../../mlflow-error.ts";
import type { ModelVersionStore } from "../registry.ts";
import { loggedModelRow } from "./logged-model-row.ts";
import { modelVersionRow } from "./model-version-row.ts";
import { registeredModelRow } from "./registered-model-row.ts";
import type { ModelVersionsTable, TrackerDatabase } from "./schema.ts";

type Db = Kysely<TrackerDatabase>;

/** Where a new version comes from. */
type Origin = Pick<ModelVersionsTable, "source" | "storage_location" | "run_id" | "model_id">;

/** What a request says about the origin of a new version. */
type Given = Pick<Parameters<ModelVersionStore["create"]>[0], "source" | "run_id" | "model_id">;

/**
 * Follows a source to where the files are: `models:/m-…` to the logged model, and
 * `models:/digits/3`, `models:/digits@champion` or `models:/digits/Production` to the version,
 * whose run and logged model the new version takes over.
 * @throws {HttpError} 404 if there is none, 400 if it is another run's or model's
 */
export async function originOf(db: Db, given: Given): Promise<Origin> {
  const { source } = given;
  if (!source.startsWith("models:")) return ofFiles(db, given);
  const { id, name, alias, version } = partsOf(source);
  if (id !== undefined) return ofLoggedModel(db, given, id);
  const row = await referredVersion(db, { name: name ?? "", alias, version });
  const sameRun = given.run_id === undefined || given.run_id === (row.run_id ?? "");
  const sameModel = given.model_id === undefined || given.model_id === (row.model_id ?? "");
  if (!sameRun || !sameModel) {
    throw invalidParameter(
      `Invalid model version source: '${source}'. The run_id and model_id request parameters must match the referenced model version, which has run_id '${row.run_id ?? ""}' and model_id '${row.model_id ?? ""}'.`,
    );
  }
  return {
    source: `models:/${row.name}/${row.version}`,
    storage_location: row.storage_location,
    run_id: row.run_id,
    model_id: row.model_id,
  };
}

async function ofFiles(db: Db, { source, run_id, model_id }: Given): Promise<Origin> {
  const model = model_id ? await namedModel(db, source, model_id) : undefined;
  return {
    source,
    storage_location: source,
    run_id: run_id || (model?.source_run_id ?? null),
    model_id: model_id || null,
  };
}

async function ofLoggedModel(db: Db, { source, ...given }: Given, id: string): Promise<Origin> {
  if (given.model_id && given.model_id !== id) throw otherModel(source);
  const model = await namedModel(db, source, id);
  return {
    source,
    storage_location: model.artifact_location,
    run_id: given.run_id || model.source_run_id,
    model_id: id,
  };
}

/** The model that a version says it is. @throws {HttpError} 400 if there is none, as in MLflow */
async function namedModel(db: Db, source: string, id: string) {
  try {
    return await loggedModelRow(db, id);
  } catch (error) {
    throw otherModel(source, { cause: error });
  }
}

function otherModel(source: string, options?: ErrorOptions): Error {
  return invalidParameter(
    `Invalid model version source: '${source}'. The model_id request parameter must identify the resource that contains the source.`,
    options,
  );
}

/** What an address of a model says; `version` may be a number, a stage or `latest`. */
function partsOf(source: string): { id?: string; name?: string; alias?: string; version?: string } {
  const parts =
    /^models:\/+(?:(?<name>[^/@]+)(?:@(?<alias>[^/@]+)|\/(?<version>[^/@]+))|(?<id>[^/@]+))$/u.exec(
      source,
    )?.groups;
  if (parts) return parts;
  throw invalidParameter(
    `Invalid model version source: '${source}'. Expected models:/<model id>, models:/<name>/<version, stage or latest>, models:/<name>@<alias>, or the address of a folder.`,
  );
}

async function referredVersion(
  db: Db,
  { name, alias, version = "" }: { name: string; alias?: string; version?: string },
): Promise<ModelVersionsTable> {
  if (alias === undefined && /^\d{1,15}$/.test(version)) {
    return modelVersionRow(db, name, Number(version));
  }
  await registeredModelRow(db, name);
  let query = db
    .selectFrom("model_versions")
    .selectAll("model_versions")
    .where("model_versions.name", "=", name);
  if (alias !== undefined) {
    query = query
      .innerJoin("aliases", (join) =>
        join
          .onRef("aliases.name", "=", "model_versions.name")
          .onRef("aliases.version", "=", "model_versions.version"),
      )
      .where("aliases.alias", "=", alias);
  } else if (version.toLowerCase() !== "latest") {
    query = query.where((eb) => eb(eb.fn("lower", ["current_stage"]), "=", version.toLowerCase()));
  }
  const row = await query.orderBy("model_versions.version", "desc").executeTakeFirst();
  if (row) return row;
  if (alias !== undefined) throw invalidParameter(`Registered model alias ${alias} not found.`);
  throw doesNotExist(`No versions of model with name '${name}' and stage '${version}' found`);
}

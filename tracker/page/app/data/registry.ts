import { call } from "../call.ts";
import type { Pair } from "./runs.ts";

/** A version of a registered model; times are milliseconds since 1970. */
export interface ModelVersion {
  readonly name: string;
  readonly version: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly current_stage?: string;
  readonly description?: string;
  readonly source: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly status?: string;
  readonly tags?: readonly Pair[];
  readonly aliases?: readonly string[];
}

/** A registered model. */
export interface RegisteredModel {
  readonly name: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp?: number;
  readonly description?: string;
  readonly latest_versions?: readonly ModelVersion[];
  readonly tags?: readonly Pair[];
  readonly aliases?: readonly { readonly alias: string; readonly version: string }[];
}

/** One move of an alias or between stages, with what was known of the version at that time. */
export interface Promotion {
  readonly move_id: number;
  readonly kind: "alias" | "stage";
  readonly name: string;
  readonly alias?: string;
  readonly from_version?: string;
  readonly to_version?: string;
  readonly from_stage?: string;
  readonly to_stage?: string;
  readonly timestamp: number;
  readonly user?: string;
  readonly client?: string;
  readonly cause?: string;
  readonly reason?: string;
  readonly gate?: string;
  readonly gate_table?: string;
  readonly digest?: string;
}

/** All registered models by name. */
export async function fetchModels(signal: AbortSignal): Promise<RegisteredModel[]> {
  return allPages(async (page_token) => {
    const answer = await call<{ registered_models?: RegisteredModel[]; next_page_token?: string }>(
      "mlflow/registered-models/search",
      { fields: { max_results: 500, page_token }, signal },
    );
    return { rows: answer.registered_models ?? [], next: answer.next_page_token };
  });
}

/** A registered model. */
export async function fetchModel(name: string, signal: AbortSignal): Promise<RegisteredModel> {
  const answer = await call<{ registered_model: RegisteredModel }>("mlflow/registered-models/get", {
    fields: { name },
    signal,
  });
  return answer.registered_model;
}

/** All versions of a model, the latest first. */
export async function fetchVersions(name: string, signal: AbortSignal): Promise<ModelVersion[]> {
  // MLflow's grammar has no escape inside quotes, but it takes either kind of them.
  const quote = name.includes("'") ? '"' : "'";
  const versions = await allPages(async (page_token) => {
    const answer = await call<{ model_versions?: ModelVersion[]; next_page_token?: string }>(
      "mlflow/model-versions/search",
      {
        fields: { filter: `name = ${quote}${name}${quote}`, max_results: 1000, page_token },
        signal,
      },
    );
    return { rows: answer.model_versions ?? [], next: answer.next_page_token };
  });
  return versions.toSorted((a, b) => Number(b.version) - Number(a.version));
}

/** A version of a model. */
export async function fetchVersion(
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<ModelVersion> {
  const answer = await call<{ model_version: ModelVersion }>("mlflow/model-versions/get", {
    fields: { name, version },
    signal,
  });
  return answer.model_version;
}

/** The moves of a model's aliases and stages, or those of all models; the latest first. */
export async function fetchPromotions(
  name: string | undefined,
  signal: AbortSignal,
): Promise<readonly Promotion[]> {
  const answer = await call<{ promotions?: readonly Promotion[] }>("updraft/promotions", {
    fields: { name, max_results: 1000 },
    signal,
  });
  return answer.promotions ?? [];
}

/** Points an alias to a version. */
export async function setAlias(name: string, alias: string, version: string): Promise<void> {
  const fields = { name, alias, version };
  await call("mlflow/registered-models/alias", { method: "POST", fields });
}

/** Takes an alias away. */
export async function deleteAlias(name: string, alias: string): Promise<void> {
  await call("mlflow/registered-models/alias", { method: "DELETE", fields: { name, alias } });
}

/** Changes what is said about a model. */
export async function describeModel(name: string, description: string): Promise<void> {
  const fields = { name, description };
  await call("mlflow/registered-models/update", { method: "PATCH", fields });
}

/** Changes what a model is called. */
export async function renameModel(name: string, new_name: string): Promise<void> {
  const fields = { name, new_name };
  await call("mlflow/registered-models/rename", { method: "POST", fields });
}

/** Changes what is said about a version. */
export async function describeVersion(name: string, version: string, description: string) {
  const fields = { name, version, description };
  await call("mlflow/model-versions/update", { method: "PATCH", fields });
}

/** Sets a tag of a version, or takes it away. */
export async function setVersionTag(
  of: Pick<ModelVersion, "name" | "version">,
  key: string,
  value: string | undefined,
) {
  const { name, version } = of;
  if (value === undefined) {
    const fields = { name, version, key };
    await call("mlflow/model-versions/delete-tag", { method: "DELETE", fields });
  } else {
    const fields = { name, version, key, value };
    await call("mlflow/model-versions/set-tag", { method: "POST", fields });
  }
}

async function allPages<Row>(
  fetchPage: (token: string | undefined) => Promise<{ rows: Row[]; next?: string | undefined }>,
): Promise<Row[]> {
  const all: Row[] = [];
  let token: string | undefined;
  do {
    const { rows, next } = await fetchPage(token);
    all.push(...rows);
    token = next;
  } while (token);
  return all;
}

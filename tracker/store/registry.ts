import type { Page } from "../search/page-token.ts";
import type { SearchRequest, Tag } from "./experiments.ts";
import type { Mover } from "./promotions.ts";

/** A name that points to one version of a model. */
export interface Alias {
  readonly alias: string;
  readonly version: string;
}

/** MLflow's stages. Deprecated there: aliases do the same under names of one's own. */
export const modelStages = ["None", "Staging", "Production", "Archived"] as const;
export type ModelStage = (typeof modelStages)[number];

/** A version that is to move to a stage. */
export interface StageTransition {
  readonly name: string;
  readonly version: number;
  readonly stage: ModelStage;
  /** Whether the versions that are in that stage go to the archive. */
  readonly archive_existing_versions: boolean;
}

/** A version of a registered model, in MLflow's words; times are milliseconds since 1970. */
export interface ModelVersion {
  readonly name: string;
  /** A number as text, from `1`. */
  readonly version: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  readonly current_stage: ModelStage;
  readonly description: string;
  readonly source: string;
  readonly run_id: string;
  readonly run_link: string;
  /** The logged model that it is, if it is one. */
  readonly model_id?: string | undefined;
  readonly status: string;
  readonly tags: readonly Tag[];
  readonly aliases: readonly string[];
}

/** A registered model. */
export interface RegisteredModel {
  readonly name: string;
  readonly creation_timestamp: number;
  readonly last_updated_timestamp: number;
  readonly description: string;
  /** The latest version of each stage. */
  readonly latest_versions: readonly ModelVersion[];
  readonly tags: readonly Tag[];
  readonly aliases: readonly Alias[];
}

/** Registered models. What is not there is a 404 `RESOURCE_DOES_NOT_EXIST`. */
export interface RegisteredModelStore {
  /** @throws {HttpError} 400 `RESOURCE_ALREADY_EXISTS` */
  create(model: {
    readonly name: string;
    readonly description?: string | undefined;
    readonly tags: readonly Tag[];
  }): Promise<RegisteredModel>;
  get(name: string): Promise<RegisteredModel>;
  search(request: SearchRequest): Promise<Page<RegisteredModel>>;
  update(name: string, description: string): Promise<RegisteredModel>;
  /** @throws {HttpError} 400 `RESOURCE_ALREADY_EXISTS` */
  rename(name: string, newName: string, mover: Mover): Promise<RegisteredModel>;
  delete(name: string, mover: Mover): Promise<void>;
  setTag(name: string, tag: Tag): Promise<void>;
  deleteTag(name: string, key: string): Promise<void>;
}

/** Versions of registered models. What is not there is a 404 `RESOURCE_DOES_NOT_EXIST`. */
export interface ModelVersionStore {
  /**
   * Gives the next number; the numbers of deleted versions are not given again. A source such as
   * `models:/digits@champion` is followed to where the files are.
   */
  create(version: {
    readonly name: string;
    readonly source: string;
    readonly run_id?: string | undefined;
    readonly run_link?: string | undefined;
    readonly model_id?: string | undefined;
    readonly description?: string | undefined;
    readonly tags: readonly Tag[];
  }): Promise<ModelVersion>;
  get(name: string, version: number): Promise<ModelVersion>;
  /** The latest version of each stage. */
  latest(name: string, stages: readonly ModelStage[]): Promise<ModelVersion[]>;
  search(request: SearchRequest): Promise<Page<ModelVersion>>;
  update(name: string, version: number, description: string | undefined): Promise<ModelVersion>;
  transition(transition: StageTransition, mover: Mover): Promise<ModelVersion>;
  delete(name: string, version: number, mover: Mover): Promise<void>;
  setTag(name: string, version: number, tag: Tag): Promise<void>;
  deleteTag(name: string, version: number, key: string): Promise<void>;
  downloadUri(name: string, version: number): Promise<string>;
}

/** Aliases; every move that they make is kept as a promotion. */
export interface AliasStore {
  /** @throws {HttpError} 400 if there is no such alias, as MLflow has it */
  get(name: string, alias: string): Promise<ModelVersion>;
  /** Points an alias to a version; nothing is recorded if it points there already. */
  set(name: string, alias: string, version: number, mover: Mover): Promise<void>;
  delete(name: string, alias: string, mover: Mover): Promise<void>;
}

import { SqliteAdapter, type Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * Logged models (MLflow 3), the models that go into runs and come out of them, and which logged
 * model a version of a registered model is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // As in 0001: otherwise SQLite keeps each value twice.
  const clustered = db.getExecutor().adapter instanceof SqliteAdapter ? " without rowid" : "";
  const statements = [
    ...models,
    ...logged.map((table) => table + clustered),
    ...ofRuns,
    `alter table model_versions add column model_id text`,
    // Every search of versions asks which of them are prompts.
    `create index model_version_tags_by_key on model_version_tags (key, name)`,
    datedDefaultExperiment(Date.now()),
  ];
  await runStatements(db, statements);
}

/** The default experiment came without a date; it is as old as the oldest of the others, or new. */
function datedDefaultExperiment(now: number): string {
  return `update experiments
    set last_update_time = ${now}, creation_time = coalesce(
      (select min(other.creation_time) from experiments as other where other.experiment_id <> 0),
      ${now})
    where experiment_id = 0 and creation_time = 0`;
}

const models = [
  // The run may be deleted for good before its model is: no foreign key.
  `create table logged_models (
    model_id text not null primary key,
    experiment_id bigint not null references experiments on delete cascade,
    name text not null,
    artifact_location text not null,
    creation_time bigint not null,
    last_updated_time bigint not null,
    status text not null,
    lifecycle_stage text not null,
    model_type text,
    source_run_id text
  )`,
  `create index logged_models_by_creation on logged_models (experiment_id, creation_time desc, model_id)`,
  `create index logged_models_by_name on logged_models (experiment_id, name)`,
];

const logged = [
  `create table logged_model_tags (
    model_id text not null references logged_models on delete cascade,
    key text not null,
    value text not null,
    primary key (model_id, key)
  )`,
  `create table logged_model_params (
    model_id text not null references logged_models on delete cascade,
    key text not null,
    value text not null,
    primary key (model_id, key)
  )`,
  // A dataset that is not named is the empty text, so that the key can hold it.
  `create table logged_model_metrics (
    model_id text not null references logged_models on delete cascade,
    key text not null,
    timestamp bigint not null,
    step bigint not null,
    run_id text not null references runs on delete cascade,
    dataset_name text not null,
    dataset_digest text not null,
    value double precision not null,
    is_nan smallint not null,
    primary key (model_id, key, timestamp, step, run_id, dataset_name, dataset_digest, value, is_nan)
  )`,
];

const ofRuns = [
  `create index logged_model_metrics_by_run on logged_model_metrics (run_id)`,
  // What goes in has no step of its own: 0.
  `create table run_models (
    run_id text not null references runs on delete cascade,
    role text not null,
    model_id text not null,
    step bigint not null,
    position integer not null,
    primary key (run_id, role, model_id, step)
  )`,
];

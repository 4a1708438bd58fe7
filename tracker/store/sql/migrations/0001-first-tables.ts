import { SqliteAdapter, type Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * Experiments, runs and what they log, registered models, versions, aliases.
 *
 * Written in the SQL that SQLite and Postgres share; times are milliseconds since 1970.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Otherwise SQLite keeps each logged value twice, in the table and in the index of its key.
  const clustered = db.getExecutor().adapter instanceof SqliteAdapter ? " without rowid" : "";
  const statements = [
    ...counters,
    ...experiments,
    ...runs,
    ...metrics.map((table) => table + clustered),
    ...inputs,
    ...registry,
    ...aliases,
  ];
  await runStatements(db, statements);
}

const counters = [
  `create table counters (
    name text not null primary key,
    value bigint not null
  )`,
  `insert into counters values ('experiment', 0), ('alias_move', 0)`,
];

const experiments = [
  `create table experiments (
    experiment_id bigint not null primary key,
    name text not null unique,
    artifact_location text not null,
    lifecycle_stage text not null,
    creation_time bigint not null,
    last_update_time bigint not null
  )`,
  `create table experiment_tags (
    experiment_id bigint not null references experiments on delete cascade,
    key text not null,
    value text not null,
    primary key (experiment_id, key)
  )`,
  // Where MLflow's clients log when no experiment was chosen.
  `insert into experiments values (0, 'Default', 'mlflow-artifacts:/0', 'active', 0, 0)`,
];

const runs = [
  `create table runs (
    run_id text not null primary key,
    experiment_id bigint not null references experiments on delete cascade,
    run_name text not null,
    user_id text not null,
    status text not null,
    start_time bigint not null,
    end_time bigint,
    lifecycle_stage text not null,
    deleted_time bigint,
    artifact_uri text not null
  )`,
  `create index runs_by_start on runs (experiment_id, start_time desc, run_id)`,
  `create table run_tags (
    run_id text not null references runs on delete cascade,
    key text not null,
    value text not null,
    primary key (run_id, key)
  )`,
  `create table params (
    run_id text not null references runs on delete cascade,
    key text not null,
    value text not null,
    primary key (run_id, key)
  )`,
];

const metrics = [
  `create table metrics (
    run_id text not null references runs on delete cascade,
    key text not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan smallint not null,
    primary key (run_id, key, timestamp, step, value, is_nan)
  )`,
  `create table latest_metrics (
    run_id text not null references runs on delete cascade,
    key text not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan smallint not null,
    primary key (run_id, key)
  )`,
];

const inputs = [
  `create table datasets (
    dataset_uuid text not null primary key,
    experiment_id bigint not null references experiments on delete cascade,
    name text not null,
    digest text not null,
    source_type text not null,
    source text not null,
    schema text,
    profile text,
    unique (experiment_id, name, digest)
  )`,
  `create table run_inputs (
    run_id text not null references runs on delete cascade,
    dataset_uuid text not null references datasets on delete cascade,
    position integer not null,
    primary key (run_id, dataset_uuid)
  )`,
  `create table run_input_tags (
    run_id text not null,
    dataset_uuid text not null,
    key text not null,
    value text not null,
    primary key (run_id, dataset_uuid, key),
    foreign key (run_id, dataset_uuid) references run_inputs on delete cascade
  )`,
];

const registry = [
  `create table registered_models (
    name text not null primary key,
    description text,
    creation_time bigint not null,
    last_updated_time bigint not null,
    last_version bigint not null
  )`,
  `create table registered_model_tags (
    name text not null references registered_models on delete cascade on update cascade,
    key text not null,
    value text not null,
    primary key (name, key)
  )`,
  `create table model_versions (
    name text not null references registered_models on delete cascade on update cascade,
    version bigint not null,
    description text,
    creation_time bigint not null,
    last_updated_time bigint not null,
    current_stage text not null,
    source text not null,
    storage_location text not null,
    run_id text,
    run_link text,
    status text not null,
    primary key (name, version)
  )`,
  `create table model_version_tags (
    name text not null,
    version bigint not null,
    key text not null,
    value text not null,
    primary key (name, version, key),
    foreign key (name, version) references model_versions on delete cascade on update cascade
  )`,
];

const aliases = [
  `create table aliases (
    name text not null,
    alias text not null,
    version bigint not null,
    primary key (name, alias),
    foreign key (name, version) references model_versions on delete cascade on update cascade
  )`,
  `create table alias_moves (
    move_id bigint not null primary key,
    name text not null,
    alias text not null,
    from_version bigint,
    to_version bigint,
    moved_at bigint not null,
    moved_by text,
    client text,
    gate text
  )`,
  `create index alias_moves_by_model on alias_moves (name, move_id desc)`,
];

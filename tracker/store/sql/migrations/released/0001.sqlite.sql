-- A database as the tracker wrote it with its first schema. Never changed: it shows that
-- every newer tracker can still open it.
pragma foreign_keys = off;
CREATE TABLE "updraft_migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);
CREATE TABLE "updraft_migrations_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);
CREATE TABLE counters (
    name text not null primary key,
    value bigint not null
  );
CREATE TABLE experiments (
    experiment_id bigint not null primary key,
    name text not null unique,
    artifact_location text not null,
    lifecycle_stage text not null,
    creation_time bigint not null,
    last_update_time bigint not null
  );
CREATE TABLE experiment_tags (
    experiment_id bigint not null references experiments on delete cascade,
    key text not null,
    value text not null,
    primary key (experiment_id, key)
  );
CREATE TABLE runs (
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
  );
CREATE TABLE run_tags (
    run_id text not null references runs on delete cascade,
    key text not null,
    value text not null,
    primary key (run_id, key)
  );
CREATE TABLE params (
    run_id text not null references runs on delete cascade,
    key text not null,
    value text not null,
    primary key (run_id, key)
  );
CREATE TABLE metrics (
    run_id text not null references runs on delete cascade,
    key text not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan smallint not null,
    primary key (run_id, key, timestamp, step, value, is_nan)
  ) without rowid;
CREATE TABLE latest_metrics (
    run_id text not null references runs on delete cascade,
    key text not null,
    timestamp bigint not null,
    step bigint not null,
    value double precision not null,
    is_nan smallint not null,
    primary key (run_id, key)
  ) without rowid;
CREATE TABLE datasets (
    dataset_uuid text not null primary key,
    experiment_id bigint not null references experiments on delete cascade,
    name text not null,
    digest text not null,
    source_type text not null,
    source text not null,
    schema text,
    profile text,
    unique (experiment_id, name, digest)
  );
CREATE TABLE run_inputs (
    run_id text not null references runs on delete cascade,
    dataset_uuid text not null references datasets on delete cascade,
    position integer not null,
    primary key (run_id, dataset_uuid)
  );
CREATE TABLE run_input_tags (
    run_id text not null,
    dataset_uuid text not null,
    key text not null,
    value text not null,
    primary key (run_id, dataset_uuid, key),
    foreign key (run_id, dataset_uuid) references run_inputs on delete cascade
  );
CREATE TABLE registered_models (
    name text not null primary key,
    description text,
    creation_time bigint not null,
    last_updated_time bigint not null,
    last_version bigint not null
  );
CREATE TABLE registered_model_tags (
    name text not null references registered_models on delete cascade on update cascade,
    key text not null,
    value text not null,
    primary key (name, key)
  );
CREATE TABLE model_versions (
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
  );
CREATE TABLE model_version_tags (
    name text not null,
    version bigint not null,
    key text not null,
    value text not null,
    primary key (name, version, key),
    foreign key (name, version) references model_versions on delete cascade on update cascade
  );
CREATE TABLE aliases (
    name text not null,
    alias text not null,
    version bigint not null,
    primary key (name, alias),
    foreign key (name, version) references model_versions on delete cascade on update cascade
  );
CREATE TABLE alias_moves (
    move_id bigint not null primary key,
    name text not null,
    alias text not null,
    from_version bigint,
    to_version bigint,
    moved_at bigint not null,
    moved_by text,
    client text,
    gate text
  );
CREATE INDEX runs_by_start on runs (experiment_id, start_time desc, run_id);
CREATE INDEX alias_moves_by_model on alias_moves (name, move_id desc);
insert into updraft_migrations (name, timestamp) values ('0001-first-tables', '2026-01-01T00:00:00.000Z');
insert into updraft_migrations_lock (id, is_locked) values ('migration_lock', 0);
insert into counters (name, value) values ('alias_move', 4);
insert into counters (name, value) values ('experiment', 2);
insert into experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time) values (0, 'Default', 'mlflow-artifacts:/0', 'active', 0, 0);
insert into experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time) values (1, 'Größen', 'mlflow-artifacts:/1', 'active', 1700000000000, 1700000000000);
insert into experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time) values (2, 'old', 'mlflow-artifacts:/2', 'deleted', 1700000000000, 1700000000000);
insert into experiment_tags (experiment_id, key, value) values (1, 'team', 'vision');
insert into runs (run_id, experiment_id, run_name, user_id, status, start_time, end_time, lifecycle_stage, deleted_time, artifact_uri) values ('a3333333333333333333333333333333', 0, 'gone', '', 'RUNNING', 3000, null, 'deleted', 1700000000000, 'mlflow-artifacts:/0/a3333333333333333333333333333333/artifacts');
insert into runs (run_id, experiment_id, run_name, user_id, status, start_time, end_time, lifecycle_stage, deleted_time, artifact_uri) values ('a1111111111111111111111111111111', 1, 'first', 'ada', 'FINISHED', 1000, 1500, 'active', null, 'mlflow-artifacts:/1/a1111111111111111111111111111111/artifacts');
insert into runs (run_id, experiment_id, run_name, user_id, status, start_time, end_time, lifecycle_stage, deleted_time, artifact_uri) values ('a2222222222222222222222222222222', 1, 'second', 'bob', 'RUNNING', 2000, null, 'active', null, 'mlflow-artifacts:/1/a2222222222222222222222222222222/artifacts');
insert into run_tags (run_id, key, value) values ('a3333333333333333333333333333333', 'mlflow.runName', 'gone');
insert into run_tags (run_id, key, value) values ('a1111111111111111111111111111111', 'mlflow.runName', 'first');
insert into run_tags (run_id, key, value) values ('a1111111111111111111111111111111', 'note', 'it''s \ "quoted"
with a line');
insert into run_tags (run_id, key, value) values ('a2222222222222222222222222222222', 'mlflow.runName', 'second');
insert into params (run_id, key, value) values ('a1111111111111111111111111111111', 'lr', '0.001');
insert into params (run_id, key, value) values ('a1111111111111111111111111111111', 'näme', '');
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'down', 1, -3, -9e999, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 1, 0, 0.5, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 2, 1, 0.25, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'rate', 1, 0, 0, 1);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'small', 1700000000000, 9007199254740991, 5e-324, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'up', 1, 0, 9e999, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'down', 1, -3, -9e999, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 2, 1, 0.25, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'rate', 1, 0, 0, 1);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'small', 1700000000000, 9007199254740991, 5e-324, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'up', 1, 0, 9e999, 0);
insert into datasets (dataset_uuid, experiment_id, name, digest, source_type, source, schema, profile) values ('d2222222222222222222222222222222', 1, 'more', 'd2', 'http', '{}', null, null);
insert into datasets (dataset_uuid, experiment_id, name, digest, source_type, source, schema, profile) values ('d1111111111111111111111111111111', 1, 'digits', 'd1', 'http', '{}', '{"a":1}', null);
insert into run_inputs (run_id, dataset_uuid, position) values ('a1111111111111111111111111111111', 'd2222222222222222222222222222222', 1);
insert into run_inputs (run_id, dataset_uuid, position) values ('a1111111111111111111111111111111', 'd1111111111111111111111111111111', 0);
insert into run_input_tags (run_id, dataset_uuid, key, value) values ('a1111111111111111111111111111111', 'd1111111111111111111111111111111', 'mlflow.data.context', 'training');
insert into registered_models (name, description, creation_time, last_updated_time, last_version) values ('digits', 'reads digits', 1700000000000, 1700000000000, 3);
insert into registered_models (name, description, creation_time, last_updated_time, last_version) values ('other', null, 1700000000000, 1700000000000, 1);
insert into registered_model_tags (name, key, value) values ('digits', 'owner', 'ada');
insert into model_versions (name, version, description, creation_time, last_updated_time, current_stage, source, storage_location, run_id, run_link, status) values ('digits', 1, null, 1700000000000, 1700000000000, 'None', 'mlflow-artifacts:/models/digits/1', 'mlflow-artifacts:/models/digits/1', 'a1111111111111111111111111111111', null, 'READY');
insert into model_versions (name, version, description, creation_time, last_updated_time, current_stage, source, storage_location, run_id, run_link, status) values ('digits', 2, null, 1700000000000, 1700000000000, 'None', 'mlflow-artifacts:/models/digits/2', 'mlflow-artifacts:/models/digits/2', 'a1111111111111111111111111111111', null, 'READY');
insert into model_versions (name, version, description, creation_time, last_updated_time, current_stage, source, storage_location, run_id, run_link, status) values ('other', 1, null, 1700000000000, 1700000000000, 'None', 'models:/digits/2', 'mlflow-artifacts:/models/digits/2', null, null, 'READY');
insert into model_version_tags (name, version, key, value) values ('digits', 2, 'updraft.gate', '{"passed":true}');
insert into aliases (name, alias, version) values ('digits', 'champion', 2);
insert into alias_moves (move_id, name, alias, from_version, to_version, moved_at, moved_by, client, gate) values (1, 'digits', 'champion', null, 1, 1700000000000, 'ada', 'cli/1', null);
insert into alias_moves (move_id, name, alias, from_version, to_version, moved_at, moved_by, client, gate) values (2, 'digits', 'champion', 1, 2, 1700000000000, 'ada', 'cli/1', '{"passed":true}');
insert into alias_moves (move_id, name, alias, from_version, to_version, moved_at, moved_by, client, gate) values (3, 'digits', 'challenger', null, 3, 1700000000000, null, null, null);
insert into alias_moves (move_id, name, alias, from_version, to_version, moved_at, moved_by, client, gate) values (4, 'digits', 'challenger', 3, null, 1700000000000, 'ada', 'cli/1', null);

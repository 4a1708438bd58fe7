-- A database as the tracker wrote it with its first schema. Never changed: it shows that
-- every newer tracker can still open it.
CREATE TABLE alias_moves (
    move_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL COLLATE pg_catalog."C",
    from_version bigint,
    to_version bigint,
    moved_at bigint NOT NULL,
    moved_by text COLLATE pg_catalog."C",
    client text COLLATE pg_catalog."C",
    gate text COLLATE pg_catalog."C"
);
CREATE TABLE aliases (
    name text NOT NULL COLLATE pg_catalog."C",
    alias text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL
);
CREATE TABLE counters (
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);
CREATE TABLE datasets (
    dataset_uuid text NOT NULL COLLATE pg_catalog."C",
    experiment_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    digest text NOT NULL COLLATE pg_catalog."C",
    source_type text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    schema text COLLATE pg_catalog."C",
    profile text COLLATE pg_catalog."C"
);
CREATE TABLE experiment_tags (
    experiment_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE experiments (
    experiment_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    artifact_location text NOT NULL COLLATE pg_catalog."C",
    lifecycle_stage text NOT NULL COLLATE pg_catalog."C",
    creation_time bigint NOT NULL,
    last_update_time bigint NOT NULL
);
CREATE TABLE latest_metrics (
    run_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    "timestamp" bigint NOT NULL,
    step bigint NOT NULL,
    value double precision NOT NULL,
    is_nan smallint NOT NULL
);
CREATE TABLE metrics (
    run_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    "timestamp" bigint NOT NULL,
    step bigint NOT NULL,
    value double precision NOT NULL,
    is_nan smallint NOT NULL
);
CREATE TABLE model_version_tags (
    name text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE model_versions (
    name text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    description text COLLATE pg_catalog."C",
    creation_time bigint NOT NULL,
    last_updated_time bigint NOT NULL,
    current_stage text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    storage_location text NOT NULL COLLATE pg_catalog."C",
    run_id text COLLATE pg_catalog."C",
    run_link text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE params (
    run_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE registered_model_tags (
    name text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE registered_models (
    name text NOT NULL COLLATE pg_catalog."C",
    description text COLLATE pg_catalog."C",
    creation_time bigint NOT NULL,
    last_updated_time bigint NOT NULL,
    last_version bigint NOT NULL
);
CREATE TABLE run_input_tags (
    run_id text NOT NULL COLLATE pg_catalog."C",
    dataset_uuid text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE run_inputs (
    run_id text NOT NULL COLLATE pg_catalog."C",
    dataset_uuid text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL
);
CREATE TABLE run_tags (
    run_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE runs (
    run_id text NOT NULL COLLATE pg_catalog."C",
    experiment_id bigint NOT NULL,
    run_name text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    start_time bigint NOT NULL,
    end_time bigint,
    lifecycle_stage text NOT NULL COLLATE pg_catalog."C",
    deleted_time bigint,
    artifact_uri text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE updraft_migrations (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);
CREATE TABLE updraft_migrations_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);
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
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'down', 1, -3, '-infinity', 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 1, 0, 0.5, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 2, 1, 0.25, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'rate', 1, 0, 0, 1);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'small', 1700000000000, 9007199254740991, 5e-324, 0);
insert into metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'up', 1, 0, 'infinity', 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'down', 1, -3, '-infinity', 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'loss', 2, 1, 0.25, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'rate', 1, 0, 0, 1);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'small', 1700000000000, 9007199254740991, 5e-324, 0);
insert into latest_metrics (run_id, key, timestamp, step, value, is_nan) values ('a1111111111111111111111111111111', 'up', 1, 0, 'infinity', 0);
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
ALTER TABLE ONLY alias_moves
    ADD CONSTRAINT alias_moves_pkey PRIMARY KEY (move_id);
ALTER TABLE ONLY aliases
    ADD CONSTRAINT aliases_pkey PRIMARY KEY (name, alias);
ALTER TABLE ONLY counters
    ADD CONSTRAINT counters_pkey PRIMARY KEY (name);
ALTER TABLE ONLY datasets
    ADD CONSTRAINT datasets_experiment_id_name_digest_key UNIQUE (experiment_id, name, digest);
ALTER TABLE ONLY datasets
    ADD CONSTRAINT datasets_pkey PRIMARY KEY (dataset_uuid);
ALTER TABLE ONLY experiment_tags
    ADD CONSTRAINT experiment_tags_pkey PRIMARY KEY (experiment_id, key);
ALTER TABLE ONLY experiments
    ADD CONSTRAINT experiments_name_key UNIQUE (name);
ALTER TABLE ONLY experiments
    ADD CONSTRAINT experiments_pkey PRIMARY KEY (experiment_id);
ALTER TABLE ONLY latest_metrics
    ADD CONSTRAINT latest_metrics_pkey PRIMARY KEY (run_id, key);
ALTER TABLE ONLY metrics
    ADD CONSTRAINT metrics_pkey PRIMARY KEY (run_id, key, "timestamp", step, value, is_nan);
ALTER TABLE ONLY model_version_tags
    ADD CONSTRAINT model_version_tags_pkey PRIMARY KEY (name, version, key);
ALTER TABLE ONLY model_versions
    ADD CONSTRAINT model_versions_pkey PRIMARY KEY (name, version);
ALTER TABLE ONLY params
    ADD CONSTRAINT params_pkey PRIMARY KEY (run_id, key);
ALTER TABLE ONLY registered_model_tags
    ADD CONSTRAINT registered_model_tags_pkey PRIMARY KEY (name, key);
ALTER TABLE ONLY registered_models
    ADD CONSTRAINT registered_models_pkey PRIMARY KEY (name);
ALTER TABLE ONLY run_input_tags
    ADD CONSTRAINT run_input_tags_pkey PRIMARY KEY (run_id, dataset_uuid, key);
ALTER TABLE ONLY run_inputs
    ADD CONSTRAINT run_inputs_pkey PRIMARY KEY (run_id, dataset_uuid);
ALTER TABLE ONLY run_tags
    ADD CONSTRAINT run_tags_pkey PRIMARY KEY (run_id, key);
ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (run_id);
ALTER TABLE ONLY updraft_migrations_lock
    ADD CONSTRAINT updraft_migrations_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY updraft_migrations
    ADD CONSTRAINT updraft_migrations_pkey PRIMARY KEY (name);
CREATE INDEX alias_moves_by_model ON alias_moves USING btree (name, move_id DESC);
CREATE INDEX runs_by_start ON runs USING btree (experiment_id, start_time DESC, run_id);
ALTER TABLE ONLY aliases
    ADD CONSTRAINT aliases_name_version_fkey FOREIGN KEY (name, version) REFERENCES model_versions(name, version) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY datasets
    ADD CONSTRAINT datasets_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments(experiment_id) ON DELETE CASCADE;
ALTER TABLE ONLY experiment_tags
    ADD CONSTRAINT experiment_tags_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments(experiment_id) ON DELETE CASCADE;
ALTER TABLE ONLY latest_metrics
    ADD CONSTRAINT latest_metrics_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
ALTER TABLE ONLY metrics
    ADD CONSTRAINT metrics_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
ALTER TABLE ONLY model_version_tags
    ADD CONSTRAINT model_version_tags_name_version_fkey FOREIGN KEY (name, version) REFERENCES model_versions(name, version) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY model_versions
    ADD CONSTRAINT model_versions_name_fkey FOREIGN KEY (name) REFERENCES registered_models(name) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY params
    ADD CONSTRAINT params_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
ALTER TABLE ONLY registered_model_tags
    ADD CONSTRAINT registered_model_tags_name_fkey FOREIGN KEY (name) REFERENCES registered_models(name) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY run_input_tags
    ADD CONSTRAINT run_input_tags_run_id_dataset_uuid_fkey FOREIGN KEY (run_id, dataset_uuid) REFERENCES run_inputs(run_id, dataset_uuid) ON DELETE CASCADE;
ALTER TABLE ONLY run_inputs
    ADD CONSTRAINT run_inputs_dataset_uuid_fkey FOREIGN KEY (dataset_uuid) REFERENCES datasets(dataset_uuid) ON DELETE CASCADE;
ALTER TABLE ONLY run_inputs
    ADD CONSTRAINT run_inputs_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
ALTER TABLE ONLY run_tags
    ADD CONSTRAINT run_tags_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
ALTER TABLE ONLY runs
    ADD CONSTRAINT runs_experiment_id_fkey FOREIGN KEY (experiment_id) REFERENCES experiments(experiment_id) ON DELETE CASCADE;

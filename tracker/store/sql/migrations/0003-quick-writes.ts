import { SqliteAdapter, type Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * What makes logging and searching quick: logged values are appended first and sorted by metric
 * later, and a run counts its changes, so that what was read of it can be kept.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const sqlite = db.getExecutor().adapter instanceof SqliteAdapter;
  await runStatements(db, [
    `alter table runs add column revision bigint not null default 0`,
    `alter table runs add column unsorted bigint not null default 0`,
    `create table unsorted_metrics (
      run_id text not null ${sqlite ? "references runs on delete cascade" : ""},
      position bigint not null,
      key text not null,
      timestamp bigint not null,
      step bigint not null,
      value double precision not null,
      is_nan smallint not null,
      primary key (run_id, position)
    )${sqlite ? " without rowid" : ""}`,
    // A value that was logged twice is there once.
    `create view all_metrics as
      select run_id, key, timestamp, step, value, is_nan from metrics union
      select run_id, key, timestamp, step, value, is_nan from unsorted_metrics`,
    ...(sqlite ? [] : deletedWithTheirRun),
  ]);
}

/**
 * Postgres looks the run up for each of a thousand values, which takes as long as writing them.
 * Whoever writes values has locked out who could delete the run: a trigger removes them with it.
 */
const deletedWithTheirRun = [
  `alter table metrics drop constraint metrics_run_id_fkey`,
  `alter table latest_metrics drop constraint latest_metrics_run_id_fkey`,
  `create function delete_values_of_run() returns trigger language plpgsql as $$
    begin
      delete from metrics where run_id = old.run_id;
      delete from latest_metrics where run_id = old.run_id;
      delete from unsorted_metrics where run_id = old.run_id;
      return null;
    end
  $$`,
  `create trigger delete_values after delete on runs
    for each row execute function delete_values_of_run()`,
];

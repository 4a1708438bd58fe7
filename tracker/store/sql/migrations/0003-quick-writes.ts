import { SqliteAdapter, type Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * What makes logging and searching quick: logged values are appended first and sorted by metric
 * later, and a run counts its changes, so that what was read of it can be kept.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const clustered = db.getExecutor().adapter instanceof SqliteAdapter ? " without rowid" : "";
  await runStatements(db, [
    `alter table runs add column revision bigint not null default 0`,
    `alter table runs add column unsorted bigint not null default 0`,
    `create table unsorted_metrics (
      run_id text not null references runs on delete cascade,
      position bigint not null,
      key text not null,
      timestamp bigint not null,
      step bigint not null,
      value double precision not null,
      is_nan smallint not null,
      primary key (run_id, position)
    )${clustered}`,
  ]);
}

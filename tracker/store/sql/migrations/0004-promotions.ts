import type { Kysely } from "kysely";
import { runStatements } from "../run-statements.ts";

/**
 * Moves of aliases become promotions: stages move too, a model keeps the name it had at the time,
 * and each move keeps its cause and its evidence.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await runStatements(db, statements);
}

const statements = [
  `create table promotions (
    move_id bigint not null primary key,
    kind text not null,
    name text not null,
    recorded_name text not null,
    alias text,
    from_version bigint,
    to_version bigint,
    from_stage text,
    to_stage text,
    moved_at bigint not null,
    moved_by text,
    client text,
    cause text not null,
    reason text,
    gate text,
    gate_table text,
    digest text
  )`,
  `insert into promotions
    (move_id, kind, name, recorded_name, alias, from_version, to_version, moved_at, moved_by,
     client, cause, gate)
    select move_id, 'alias', name, name, alias, from_version, to_version, moved_at, moved_by,
      client, case when to_version is null then 'removed' else 'set' end, gate
    from alias_moves`,
  `drop table alias_moves`,
  `create index promotions_by_name on promotions (name, move_id desc)`,
  `create index promotions_by_recorded_name on promotions (recorded_name, move_id desc)`,
];

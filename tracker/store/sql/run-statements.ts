import { PostgresAdapter, sql, type Kysely } from "kysely";

const collated = `text collate "C"`;

/**
 * Runs the statements of a migration, which are written in the SQL that SQLite and Postgres share.
 *
 * In Postgres every text is made to compare by code point, as in SQLite, whatever the language of
 * the database: both sort and page alike, and an index serves ranges and LIKE.
 */
export async function runStatements(
  db: Kysely<unknown>,
  statements: readonly string[],
): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  for (const statement of statements) {
    const ofColumns = /^\s*(create|alter) table\b/.test(statement);
    const text = ofColumns && postgres ? statement.replace(/\btext\b/g, collated) : statement;
    await sql.raw(text).execute(db);
  }
}

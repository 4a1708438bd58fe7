import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type SqliteDatabase,
  type SqliteStatement,
} from "kysely";
import { Rows } from "./bulk-insert.ts";

/** How many statements stay prepared. The tracker has under a hundred different ones. */
const preparedStatements = 500;

/** Kysely on the SQLite that comes with Node. */
export class NodeSqliteDialect implements Dialect {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#database);
  }

  createAdapter(): DialectAdapter {
    return new NodeSqliteAdapter();
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }
}

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite rolls back `create table` like anything else. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: keepingStatements(database) });
    this.#database = database;
  }

  /**
   * Takes the lock for writing at once. A transaction that began by reading could not wait for
   * another process's write to end: what it has read would be out of date.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * After an error such as a full disk there is nothing left to roll back: SQLite has done it, and
   * would answer with an error that hides the first one.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** The interface that Kysely's driver asks for, with the latest statements kept prepared. */
function keepingStatements(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>();
  return {
    prepare(query) {
      const statement = statements.get(query) ?? asKyselyStatement(database.prepare(query));
      statements.delete(query);
      statements.set(query, statement);
      const [oldest] = statements.keys();
      if (statements.size > preparedStatements && oldest !== undefined) statements.delete(oldest);
      return statement;
    },
    close: () => database.close(),
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => {
      const [rows] = parameters;
      if (!(rows instanceof Rows)) return statement.run(...(parameters as SQLInputValue[]));
      for (const row of rows.rows) statement.run(...row);
      return { changes: rows.rows.length, lastInsertRowid: 0 };
    },
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
}

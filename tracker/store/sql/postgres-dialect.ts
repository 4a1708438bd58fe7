import {
  CompiledQuery,
  PostgresAdapter,
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  type PostgresDialectConfig,
  type TransactionSettings,
} from "kysely";

/** How long a transaction may wait for another one, or stand still, in milliseconds. */
const longestWaitMs = 10_000;

/** Names the lock that writers of one database take, among all of the server's advisory locks. */
const writersLock = 7_305_521_417;

const beginWriting = `
  begin;
  set local lock_timeout = ${longestWaitMs};
  set local idle_in_transaction_session_timeout = ${longestWaitMs};
  select pg_advisory_xact_lock(${writersLock})`;

/** Kysely on Postgres, with writers that wait for each other as those of SQLite do. */
export class TrackerPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new TrackerPostgresDriver(this.#config);
  }

  override createAdapter(): DialectAdapter {
    return new TrackerPostgresAdapter();
  }
}

class TrackerPostgresDriver extends PostgresDriver {
  /**
   * Begins a transaction that no other writer is beside, of whatever tracker: what it reads stays
   * as it is until it has written. A tracker that stands still in a transaction loses it.
   */
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    if (settings.accessMode === "read only") {
      return super.beginTransaction(
        connection as Parameters<PostgresDriver["beginTransaction"]>[0],
        settings,
      );
    }
    // Without parameters, all of it is one round trip.
    await connection.executeQuery(CompiledQuery.raw(beginWriting));
  }
}

/** Migrations run in a transaction, which locks out other writers already. */
class TrackerPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

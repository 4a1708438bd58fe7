import type { PostgresPool, PostgresPoolClient } from "kysely";
import type { DatabaseError, Pool, PoolClient } from "pg";
import { shownAddress } from "../database-address.ts";
import { DatabaseOpenError, unavailable } from "./database-error.ts";
import { checkDatabase, migrate } from "./migrate.ts";
import { TrackerPostgresDialect } from "./postgres-dialect.ts";
import { TrackerKysely } from "./tracker-kysely.ts";

/** How many connections a tracker has at most. Writers need one, so these are for readers. */
const maxConnections = 10;

/** How long a request waits for a connection, in milliseconds. */
const connectTimeoutMs = 10_000;

/** Types that JavaScript's numbers hold: counts and times stay far below 2^53. */
const numberTypes: readonly number[] = [20, 1700];

/**
 * Opens a database of Postgres and brings it to the newest schema.
 *
 * Connections that break are replaced by the pool when they are next needed: a restart of Postgres
 * fails the requests of that moment with 503, and nothing else.
 * @param uri `postgresql://user:password@host:port/database`; what it lacks of user and password is
 *   taken from PGUSER, PGPASSWORD and the file PGPASSFILE, as by every client of Postgres
 * @throws {DatabaseOpenError} which never shows the password
 */
export async function openPostgres(uri: string): Promise<TrackerKysely> {
  // Only those who use Postgres wait for its client to load.
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: uri,
    application_name: "updraft-tracker",
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) =>
        numberTypes.includes(oid) ? Number : pg.types.getTypeParser(oid, format as "text"),
    },
  });
  // A connection that breaks says so to whoever uses it; the pool drops it and opens another one
  // when it is needed. Without listeners the first such event would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const dialect = new TrackerPostgresDialect({ pool: translatingPool(pool, pg.DatabaseError) });
  const db = new TrackerKysely({ dialect });
  try {
    await checkDatabase(db);
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy().catch(() => undefined);
    throw new DatabaseOpenError(
      `cannot use ${shownAddress({ kind: "postgres", uri })} as database: ${reasonOf(error)}`,
      { cause: error, isAway: isAway(error) },
    );
  }
}

/** What the network and a server that starts or stops say, or one that has no connection to give. */
const awayCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "53300",
  "57P01",
  "57P02",
  "57P03",
]);

function isAway(error: unknown): boolean {
  const { code, message } = rootOf(error);
  // The client's own errors have no code.
  const isCutOff =
    message.includes("timeout exceeded") || message.startsWith("Connection terminated");
  return code === undefined ? isCutOff : awayCodes.has(code);
}

function rootOf(error: unknown): NodeJS.ErrnoException {
  return ((error as Error).cause ?? error) as NodeJS.ErrnoException;
}

/** A pool that says 503 where a connection cannot be had, or breaks. */
function translatingPool(pool: Pool, DatabaseErrorClass: typeof DatabaseError): PostgresPool {
  const translated = (error: unknown): unknown =>
    error instanceof DatabaseErrorClass || error instanceof TypeError
      ? error
      : unavailable("The database cannot be reached", error);
  const clients = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch((error: unknown) => {
        throw translated(error);
      });
      // Kysely knows a connection again by this object.
      const known = clients.get(client) ?? translatingClient(client, translated);
      clients.set(client, known);
      return known;
    },
  };
}

function translatingClient(
  client: PoolClient,
  translated: (error: unknown) => unknown,
): PostgresPoolClient {
  return {
    query: (async (text: string, values: unknown[]) => {
      try {
        return await client.query(text, values);
      } catch (error) {
        throw translated(error);
      }
    }) as unknown as PostgresPoolClient["query"],
    release: (destroy) => client.release(destroy),
  };
}

/** Why Postgres cannot be used, in words that say what to do. */
function reasonOf(error: unknown): string {
  const { code, message } = rootOf(error);
  const reasons: Record<string, string> = {
    ECONNREFUSED: "nothing listens there; start Postgres, or correct host and port",
    ENOENT: "there is no such socket; start Postgres, or correct the host",
    ENOTFOUND: "no such host is known; correct the host",
    EAI_AGAIN: "the name of the host cannot be looked up just now; check the network",
    EHOSTUNREACH: "there is no way to that host; check the network",
    ETIMEDOUT: "the host does not answer; check host, port and firewall",
    "28P01": "user or password is wrong; correct the address, or PGUSER and PGPASSWORD",
    "28000": `${message}; correct the user, or pg_hba.conf`,
    "3D000": `${message}; create it, or name another one`,
    "42501": `${message}; grant the user CREATE on the schema`,
    "53300": `${message}; raise max_connections, or stop other programs`,
    "57P03": `${message}; wait until it is up`,
  };
  if (message.includes("timeout exceeded when trying to connect")) {
    return `no connection within ${connectTimeoutMs / 1000} s; check host, port and firewall`;
  }
  return (code === undefined ? undefined : reasons[code]) ?? message;
}

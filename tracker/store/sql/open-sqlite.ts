import { access, constants, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseOpenError } from "./database-error.ts";
import { checkDatabase, migrate } from "./migrate.ts";
import { NodeSqliteDialect } from "./sqlite-dialect.ts";
import { TrackerKysely } from "./tracker-kysely.ts";

/** How long a write waits for one of another process, in milliseconds. */
const busyTimeoutMs = 10_000;

/** After how many pages of 4 KiB the write-ahead log is carried over: 16 MiB. */
const checkpointPages = 4096;

/** What the log is cut to once it is carried over, in bytes: a great write leaves no great file. */
const largestIdleLog = 64 * 1024 * 1024;

/** How much of the file is kept in memory, in KiB. */
const cacheKib = 8192;

/**
 * Opens a database file, which is made if there is none, and brings it to the newest schema.
 *
 * Every acknowledged write survives the death of the process and the loss of power: the
 * write-ahead log is synced to disk at each commit (`synchronous = full`), which costs 0.15 ms on
 * a local SSD.
 * @param file absolute path
 * @throws {DatabaseOpenError}
 */
export async function openSqlite(file: string): Promise<TrackerKysely> {
  let database: DatabaseSync | undefined;
  try {
    await mkdir(dirname(file), { recursive: true });
    await access(dirname(file), constants.W_OK);
    database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    const db = new TrackerKysely({ dialect: new NodeSqliteDialect(database) });
    await checkDatabase(db);
    await writeAhead(database);
    database.exec(`
      pragma synchronous = full;
      pragma case_sensitive_like = on;
      pragma wal_autocheckpoint = ${checkpointPages};
      pragma journal_size_limit = ${largestIdleLog};
      pragma cache_size = -${cacheKib};
    `);
    await migrate(db);
    return db;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw new DatabaseOpenError(`cannot use ${file} as database: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Has the file a write-ahead log. Where two open a new file at the same time, SQLite tells one of
 * them at once that it is locked, however long it may wait otherwise.
 * @see https://sqlite.org/c3ref/busy_handler.html
 */
async function writeAhead(database: DatabaseSync): Promise<void> {
  const deadline = performance.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.exec("pragma journal_mode = wal");
      return;
    } catch (error) {
      if (codeOf(error) !== busy || performance.now() > deadline) throw error;
    }
    await sleep(10);
  }
}

const busy = 5;

/** SQLite's primary result codes that a user can cause. @see https://sqlite.org/rescode.html */
const reasons: Record<number, string> = {
  [busy]: `another process has it locked for more than ${busyTimeoutMs / 1000} s; stop that one`,
  8: "it may not be written to; check who owns file and folder",
  11: "its content is damaged; restore a copy",
  13: "the disk is full; free some space",
  14: "the file cannot be opened; check that it is a file, and who owns it and its folder",
  26: "the file is not an SQLite database; name another one, or move it away",
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const result = codeOf(error);
  if (result !== undefined) return reasons[result] ?? message;
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return "its folder may not be written to; check who owns it";
  }
  if (code === "EEXIST" || code === "ENOTDIR") return "a file stands where its folder should be";
  return message;
}

/** SQLite's primary result code, if it is one of its errors. */
function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

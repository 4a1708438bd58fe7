import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "./open-sqlite.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "open-sqlite-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("openSqlite", () => {
  it("makes the folder, the file and the tables, and keeps what is there the next time", async () => {
    const file = join(folder, "a/b/tracker.db");
    const first = await openSqlite(file);
    await first
      .updateTable("counters")
      .set({ value: 7 })
      .where("name", "=", "experiment")
      .execute();
    await first.destroy();

    const second = await openSqlite(file);
    const counters = await second.selectFrom("counters").selectAll().orderBy("name").execute();
    await second.destroy();

    expect(counters.map((row) => ({ ...row }))).toEqual([
      { name: "alias_move", value: 0 },
      { name: "experiment", value: 7 },
    ]);
  });

  it("opens a new file for several at the same time", async () => {
    // Each waits before each file until all are there.
    const script = `
      const { workerData, parentPort } = require("node:worker_threads");
      const { module, files, count, arrived } = workerData;
      import(module).then(async ({ openSqlite }) => {
        for (const [index, file] of files.entries()) {
          Atomics.add(arrived, index, 1);
          while (Atomics.load(arrived, index) < count);
          await (await openSqlite(file)).destroy();
        }
        parentPort.postMessage("opened");
      });`;
    const files = Array.from({ length: 20 }, (_, index) => join(folder, `${index}.db`));
    const workerData = {
      module: new URL("open-sqlite.ts", import.meta.url).href,
      files,
      count: 2,
      arrived: new Int32Array(new SharedArrayBuffer(4 * files.length)),
    };
    const workers = [1, 2].map(() => new Worker(script, { eval: true, workerData }));
    const outcomes = await Promise.all(workers.map((worker) => once(worker, "message")));
    expect(outcomes).toEqual([["opened"], ["opened"]]);
  });

  it("writes ahead, syncs each commit and compares LIKE by case", async () => {
    const db = await openSqlite(join(folder, "tracker.db"));
    const { rows: journal } = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db);
    const { rows: sync } = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
    const { rows: like } = await sql<{ found: number }>`select 'A' like 'a' as found`.execute(db);
    await db.destroy();

    expect(journal[0]?.journal_mode).toBe("wal");
    expect(sync[0]?.synchronous).toBe(2);
    expect(like[0]?.found).toBe(0);
  });

  it("refuses a file that is not a database", async () => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "Remember the milk. ".repeat(100));

    await expect(openSqlite(file)).rejects.toThrow(
      `cannot use ${file} as database: the file is not an SQLite database; name another one, or move it away`,
    );
  });

  it("refuses another program's database and leaves it as it is", async () => {
    const file = join(folder, "other.db");
    const other = new DatabaseSync(file);
    other.exec("create table alembic_version (version_num text)");

    await expect(openSqlite(file)).rejects.toThrow(
      `cannot use ${file} as database: it belongs to another program (it has the table alembic_version); give the tracker a database of its own`,
    );

    expect(other.prepare("select name from sqlite_schema").all()).toHaveLength(1);
    expect({ ...other.prepare("pragma journal_mode").get() }).toEqual({ journal_mode: "delete" });
    other.close();
  });

  it("refuses a newer tracker's database", async () => {
    const file = join(folder, "tracker.db");
    await (await openSqlite(file)).destroy();
    const newer = new DatabaseSync(file);
    newer.exec("insert into updraft_migrations values ('0999-later', '2040-01-01T00:00:00.000Z')");
    newer.close();

    await expect(openSqlite(file)).rejects.toThrow(
      `cannot use ${file} as database: it was written by a newer version of the tracker (0999-later); start that version, or give this one another database`,
    );
  });

  it("refuses a folder and a path below a file", async () => {
    await writeFile(join(folder, "file"), "");

    await expect(openSqlite(folder)).rejects.toThrow(
      `cannot use ${folder} as database: the file cannot be opened`,
    );
    await expect(openSqlite(join(folder, "file/tracker.db"))).rejects.toThrow(
      "a file stands where its folder should be",
    );
  });
});

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { parseFilter } from "../../search/filter.ts";
import { experimentGrammar, modelVersionGrammar, runGrammar } from "../../search/grammar.ts";
import type { DatabaseAddress } from "../database-address.ts";
import { databases, sharedPostgres, type DatabaseUnderTest } from "../databases-under-test.ts";
import { postgresPrograms } from "../postgres-under-test.ts";
import type { TrackerStore } from "../tracker-store.ts";
import { openDatabase } from "./open-database.ts";
import { createSqlStore } from "./sql-store.ts";

const discards: (() => Promise<void>)[] = [];
afterEach(async () => {
  while (discards.length > 0) await discards.pop()?.();
});

const finished = "a1111111111111111111111111111111";

/** A database as a release left it, or an empty one. */
async function databaseOf(
  { name, create }: DatabaseUnderTest,
  release?: string,
): Promise<DatabaseAddress> {
  const file = `migrations/released/${release}.${name.toLowerCase()}.sql`;
  const dump = release ? await readFile(new URL(file, import.meta.url), "utf8") : "";
  const { address, discard } = await create(dump);
  discards.push(discard);
  return address;
}

async function storeOf(database: DatabaseUnderTest, release: string): Promise<TrackerStore> {
  const store = createSqlStore(await openDatabase(await databaseOf(database, release)));
  discards.push(() => store.close());
  return store;
}

describe.each(databases)("a $name database of the first release", (database) => {
  it("has its runs as they were", async () => {
    const { runs } = await storeOf(database, "0001");

    expect(await runs.get(finished)).toMatchObject({
      info: { run_name: "first", user_id: "ada", status: "FINISHED", start_time: 1000 },
      data: {
        metrics: [
          { key: "down", value: -Infinity, timestamp: 1, step: -3 },
          { key: "loss", value: 0.25, timestamp: 2, step: 1 },
          { key: "rate", value: Number.NaN, timestamp: 1, step: 0 },
          { key: "small", value: 5e-324, timestamp: 1_700_000_000_000, step: 9007199254740991 },
          { key: "up", value: Infinity, timestamp: 1, step: 0 },
        ],
        params: [
          { key: "lr", value: "0.001" },
          { key: "näme", value: "" },
        ],
        tags: [
          { key: "mlflow.runName", value: "first" },
          { key: "note", value: `it's \\ "quoted"\nwith a line` },
        ],
      },
      inputs: {
        dataset_inputs: [
          {
            dataset: { name: "digits", digest: "d1", schema: '{"a":1}' },
            tags: [{ key: "mlflow.data.context", value: "training" }],
          },
          { dataset: { name: "more", digest: "d2" }, tags: [] },
        ],
      },
    });
    const history = await runs.metricHistory(finished, { metric_key: "loss" });
    expect(history.rows.map(({ value }) => value)).toEqual([0.5, 0.25]);
    const { rows } = await runs.search({
      experiment_ids: ["0", "1"],
      run_view_type: "ALL",
      filter: parseFilter("", runGrammar),
      order_by: [],
      max_results: 10,
    });
    expect(rows.map(({ info }) => `${info.run_name} ${info.lifecycle_stage}`)).toEqual([
      "gone deleted",
      "second active",
      "first active",
    ]);
  });

  it("has its experiments and its registry as they were, and counts on", async () => {
    const store = await storeOf(database, "0001");
    const { experiments, modelVersions, registeredModels, promotions } = store;

    const found = await experiments.search({
      view_type: "ALL",
      filter: parseFilter("", experimentGrammar),
      order_by: [],
      max_results: 10,
    });
    expect(found.rows.map((row) => `${row.name} ${row.lifecycle_stage}`)).toEqual([
      "old deleted",
      "Größen active",
      "Default active",
    ]);
    expect(await experiments.create({ name: "new", tags: [] })).toBe("3");
    expect(await registeredModels.get("digits")).toMatchObject({
      description: "reads digits",
      tags: [{ key: "owner", value: "ada" }],
      aliases: [{ alias: "champion", version: "2" }],
    });
    expect(await modelVersions.get("digits", 2)).toMatchObject({
      run_id: finished,
      tags: [{ key: "updraft.gate", value: '{"passed":true}' }],
      aliases: ["champion"],
    });
    expect(await modelVersions.downloadUri("other", 1)).toBe("mlflow-artifacts:/models/digits/2");
    const moves = await promotions.history({ name: "digits", max_results: 10 });
    expect(moves.rows.map((row) => [row.alias, row.from_version, row.to_version])).toEqual([
      ["challenger", "3", undefined],
      ["challenger", undefined, "3"],
      ["champion", "1", "2"],
      ["champion", undefined, "1"],
    ]);
    const next = await modelVersions.create({ name: "digits", source: "s", tags: [] });
    expect(next.version).toBe("4");
    const versions = await modelVersions.search({
      filter: parseFilter("name = 'digits'", modelVersionGrammar),
      order_by: [],
      max_results: 10,
    });
    expect(versions.rows.map(({ version }) => version)).toEqual(["4", "2", "1"]);
  });
});

describe.each(databases)("migrating $name", (database) => {
  it.each([
    ["an empty database", undefined, 1],
    ["one of the first release", "0001", 3],
  ])("happens once when several trackers open %s together", async (_what, release, count) => {
    const address = await databaseOf(database, release);
    const script = `
      import { openDatabase } from ${JSON.stringify(import.meta.resolve("./open-database.ts"))};
      const db = await openDatabase(${JSON.stringify(address)});
      console.log((await db.selectFrom("experiments").select("name").execute()).length);
      await db.destroy();
    `;
    const start = () =>
      promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);

    const outputs = await Promise.all([start(), start(), start(), start()]);

    expect(outputs.map(({ stdout }) => Number(stdout))).toEqual([count, count, count, count]);
  });

  it("writes nothing where there is nothing to do", async () => {
    const address = await databaseOf(database);
    const read = sql<{ timestamp: string }>`select timestamp from updraft_migrations`;
    const first = await openDatabase(address);
    const before = await read.execute(first);
    await first.destroy();

    const second = await openDatabase(address);
    const after = await read.execute(second);
    await second.destroy();

    expect(after.rows).toEqual(before.rows);
  });
});

describe.runIf(postgresPrograms)("the tables in Postgres", () => {
  it("compare every text by code point, whatever the language of the database", async () => {
    const server = await sharedPostgres();
    const db = await openDatabase({ kind: "postgres", uri: await server.newDatabase() });

    const { rows } = await sql<{ column: string }>`
      select table_name || '.' || column_name as column from information_schema.columns
      where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'
    `.execute(db);
    await db.destroy();

    expect(rows).toEqual([]);
  });
});

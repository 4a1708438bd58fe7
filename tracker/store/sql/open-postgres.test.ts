import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import type { HttpError } from "@updraft/contracts/http-error";
import { sql } from "kysely";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { batch, newRun, sharedPostgres } from "../databases-under-test.ts";
import { postgresPrograms } from "../postgres-under-test.ts";
import { databaseHttpError, type DatabaseOpenError } from "./database-error.ts";
import { openPostgres } from "./open-postgres.ts";
import { createSqlStore } from "./sql-store.ts";

/** How opening a database fails, without its password. */
async function refusal(uri: string): Promise<string> {
  const error: unknown = await openPostgres(uri).then(
    (db) => db.destroy(),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "DatabaseOpenError" });
  const { message } = error as Error;
  expect(message).not.toContain("secret");
  return message.replace(new URL(uri).port, "<port>");
}

async function isAway(address: string): Promise<boolean> {
  const reason: unknown = await openPostgres(address).catch((error: unknown) => error);
  return (reason as DatabaseOpenError).isAway;
}

function changed(uri: string, change: (url: URL) => void): string {
  const url = new URL(uri);
  change(url);
  return url.href;
}

afterEach(() => vi.unstubAllEnvs());

describe("openPostgres without a Postgres", () => {
  it("says that nothing listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");

    expect(await refusal(`postgresql://me:secret@127.0.0.1:${port}/runs`)).toBe(
      "cannot use postgresql://me@127.0.0.1:<port>/runs as database: nothing listens there; start Postgres, or correct host and port",
    );
  });
});

describe.runIf(postgresPrograms)("openPostgres", () => {
  it("says that the password is wrong, or that there is no such database", async () => {
    const uri = await (await sharedPostgres()).newDatabase();

    expect(await refusal(changed(uri, (url) => (url.password = "my%20secret")))).toContain(
      "user or password is wrong; correct the address, or PGUSER and PGPASSWORD",
    );
    expect(await refusal(changed(uri, (url) => (url.pathname = "/nope")))).toContain(
      'database "nope" does not exist; create it, or name another one',
    );
  });

  it("takes user and password from where every client of Postgres does", async () => {
    const uri = await (await sharedPostgres()).newDatabase();
    const { username, password } = new URL(uri);
    const bare = changed(uri, (url) => (url.username = url.password = ""));
    vi.stubEnv("PGUSER", username);

    vi.stubEnv("PGPASSWORD", decodeURIComponent(password));
    await (await openPostgres(bare)).destroy();
    vi.stubEnv("PGPASSWORD", "another secret");
    expect(await refusal(bare)).toContain("user or password is wrong");

    vi.stubEnv("PGPASSWORD", undefined);
    const folder = await mkdtemp(join(tmpdir(), "pgpass-"));
    const file = join(folder, "pgpass");
    await writeFile(file, `*:*:*:${username}:${decodeURIComponent(password)}\n`, { mode: 0o600 });
    vi.stubEnv("PGPASSFILE", file);
    await (await openPostgres(bare)).destroy();
    await rm(folder, { recursive: true });
  });

  it("says of what may come that it is away, and of what has to be mended that it is not", async () => {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    expect(await isAway(changed(uri, (url) => (url.password = "wrong")))).toBe(false);
    expect(await isAway(changed(uri, (url) => (url.pathname = "/nope")))).toBe(false);
    expect(await isAway(changed(uri, (url) => (url.host = "nowhere.invalid")))).toBe(true);
    await server.shutDown("fast");
    expect(await isAway(uri)).toBe(true);
    await server.startUp();
  });

  it("says that the user may not make tables", async () => {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    await server.execute(
      uri,
      "create role guest login password 'guest secret'; revoke create on schema public from public",
    );

    const asGuest = changed(uri, (url) => {
      url.username = "guest";
      url.password = "guest%20secret";
    });
    expect(await refusal(asGuest)).toContain(
      "permission denied for schema public; grant the user CREATE on the schema",
    );
  });

  it("refuses another program's database and leaves it as it is", async () => {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    await server.execute(uri, "create table alembic_version (version_num text)");

    expect(await refusal(uri)).toContain(
      "it belongs to another program (it has the table alembic_version); give the tracker a database of its own",
    );

    await server.execute(uri, "drop table alembic_version");
    const db = await openPostgres(uri);
    await db.destroy();
  });

  it("refuses a newer tracker's database", async () => {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    await (await openPostgres(uri)).destroy();
    await server.execute(
      uri,
      "insert into updraft_migrations values ('0999-later', '2040-01-01T00:00:00.000Z')",
    );

    expect(await refusal(uri)).toContain(
      "it was written by a newer version of the tracker (0999-later); start that version",
    );
  });

  it("answers 503 while Postgres is down and works again when it is back", async () => {
    const server = await sharedPostgres();
    const store = createSqlStore(await openPostgres(await server.newDatabase()));
    const { info } = await newRun(store);
    const log = (step: number) =>
      store.runs.log(
        info.run_id,
        batch({ metrics: [{ key: "m", value: step, timestamp: step, step }] }),
      );
    const during = Promise.allSettled(Array.from({ length: 50 }, (_, step) => log(step)));

    await server.shutDown("immediate");
    const outcomes = await during;
    await expect(store.runs.get(info.run_id)).rejects.toMatchObject({
      status: 503,
      code: "TEMPORARILY_UNAVAILABLE",
      message: "The database cannot be reached; try again",
    });
    await server.startUp();

    await log(50);
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    const answers = failed.map(({ reason }) => databaseHttpError(reason) ?? (reason as HttpError));
    expect(answers.map(({ status }) => status)).toEqual(failed.map(() => 503));
    const { rows } = await store.runs.metricHistory(info.run_id, { metric_key: "m" });
    const steps = new Set(rows.map(({ step }) => step));
    const acknowledged = outcomes.flatMap(({ status }, step) =>
      status === "fulfilled" ? [step] : [],
    );
    expect([...acknowledged, 50].filter((step) => !steps.has(step))).toEqual([]);
    await store.close();
  });

  it("runs a transaction again that Postgres has ended for the sake of another", async () => {
    const server = await sharedPostgres();
    const db = await openPostgres(await server.newDatabase());
    let runs = 0;

    const result = await db.transaction().execute(async (trx) => {
      runs += 1;
      await trx.updateTable("counters").set({ value: runs }).execute();
      if (runs < 3) await sql`do $$ begin raise sqlstate '40001'; end $$`.execute(trx);
      return trx.selectFrom("counters").select("value").executeTakeFirst();
    });
    await db.destroy();

    expect(result).toEqual({ value: 3 });
  });

  it("lets trackers that share a database give no number twice, nor change a param", async () => {
    const server = await sharedPostgres();
    const uri = await server.newDatabase();
    const stores = await Promise.all(
      [1, 2, 3].map(async () => createSqlStore(await openPostgres(uri))),
    );
    const { info } = await newRun(stores[0]!);
    await stores[0]!.registeredModels.create({ name: "m", tags: [] });
    const turns = Array.from({ length: 24 }, (_, index) => index);
    const storeOf = (index: number) => stores[index % stores.length]!;

    const [experiments, versions, params] = await Promise.all([
      Promise.all(turns.map((i) => storeOf(i).experiments.create({ name: `e${i}`, tags: [] }))),
      Promise.all(
        turns.map((i) => storeOf(i).modelVersions.create({ name: "m", source: "s", tags: [] })),
      ),
      Promise.allSettled(
        turns.map((i) =>
          storeOf(i).runs.log(info.run_id, batch({ params: [{ key: "p", value: String(i) }] })),
        ),
      ),
    ]);
    await Promise.all(turns.map((i) => storeOf(i).aliases.set("m", "best", i + 1, {})));

    const numbers = turns.map((i) => String(i + 1));
    expect(experiments.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
    const given = versions.map(({ version }) => version);
    expect(given.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers);
    const winners = params.filter(({ status }) => status === "fulfilled");
    expect(winners).toHaveLength(1);
    const { rows } = await storeOf(0).promotions.history({ name: "m", max_results: 100 });
    // Each move begins where the one before it ended.
    expect(rows.slice(0, -1).map((move) => move.from_version)).toEqual(
      rows.slice(1).map((move) => move.to_version),
    );
    await Promise.all(stores.map((store) => store.close()));
  });
});

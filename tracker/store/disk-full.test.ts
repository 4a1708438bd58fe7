import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { batch, databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import { databaseHttpError } from "./sql/database-error.ts";
import { openDatabase } from "./sql/open-database.ts";
import { createSqlStore } from "./sql/sql-store.ts";
import type { TrackerKysely } from "./sql/tracker-kysely.ts";
import type { TrackerStore } from "./tracker-store.ts";

/** How each database says that its disk is full, and has space again. */
const disks = {
  SQLite: {
    fill: `pragma max_page_count = 1`,
    free: `pragma max_page_count = 1000000`,
  },
  Postgres: {
    fill: `create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger full_disk before insert on unsorted_metrics execute function full_disk();
      create trigger full_disk before insert on metrics execute function full_disk()`,
    free: `drop function full_disk() cascade`,
  },
} as const;

describe.each(databases)("$name on a full disk", ({ name, open }) => {
  let opened: OpenedStore;
  let db: TrackerKysely;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    db = await openDatabase(opened.address);
    store = createSqlStore(db);
  });
  afterEach(async () => {
    await store.close();
    await opened.discard();
  });

  /** Enough to need more pages, whatever is free in those that are there. */
  function log(runId: string, number: number): Promise<void> {
    const metrics = Array.from({ length: 1000 }, (_, step) => ({
      key: `metric ${number}`,
      value: step,
      timestamp: step,
      step,
    }));
    return store.runs.log(runId, batch({ metrics }));
  }

  it("refuses what it cannot hold, as a whole, with an answer that clients do not repeat", async () => {
    const { info } = await newRun(store);
    await log(info.run_id, 0);
    const history = (number: number) =>
      store.runs.metricHistory(info.run_id, { metric_key: `metric ${number}` });
    await sql.raw(disks[name].fill).execute(db);

    const outcomes = await Promise.allSettled([1, 2, 3].map((number) => log(info.run_id, number)));

    const answers = outcomes.map(
      (outcome) => outcome.status === "rejected" && databaseHttpError(outcome.reason),
    );
    expect(answers).toMatchObject(
      [1, 2, 3].map(() => ({
        status: 507,
        code: "RESOURCE_EXHAUSTED",
        message:
          "The disk of the tracker's database is full; nothing of this request was stored. Free some space, then send it again.",
      })),
    );
    const { data } = await store.runs.get(info.run_id);
    expect(data.metrics.map(({ key }) => key)).toEqual(["metric 0"]);
    expect((await history(0)).rows.map(({ step }) => step)).toEqual(
      Array.from({ length: 1000 }, (_, step) => step),
    );
    expect((await history(1)).rows).toEqual([]);
  });

  it("goes on when there is space again", async () => {
    const { info } = await newRun(store);
    await sql.raw(disks[name].fill).execute(db);
    await expect(log(info.run_id, 1)).rejects.toThrow(/full|extend/);
    await sql.raw(disks[name].free).execute(db);

    await log(info.run_id, 1);

    const history = await store.runs.metricHistory(info.run_id, { metric_key: "metric 1" });
    expect(history.rows).toHaveLength(1000);
  });
});

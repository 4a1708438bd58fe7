import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { tallyOfBatches } from "./batches.ts";
import { kindsOfDatabase } from "./databases-under-load.ts";
import { loadFixture } from "./load-fixture.ts";
import { startLogging } from "./logging-worker.ts";
import { storedTally } from "./stored-batches.ts";

/** How long the clients log, for each database. */
const seconds = Number(process.env.LOAD_SECONDS ?? "60");

const load = loadFixture();

describe.each(kindsOfDatabase)("a tracker on $name", (kind) => {
  it(`keeps every batch that 32 clients log for ${seconds} s, once, and answers each with 200`, async () => {
    const database = await load.openDatabase(kind);
    const tracker = await load.startTracker({ database: database.address });
    const clients = await startLogging([tracker.url], { clients: 32 });
    await sleep(seconds * 1000);
    const reports = await clients.stop();

    const connection = load.connect(tracker.url);
    for (const { client, runId, batches, statuses, failure } of reports) {
      expect(failure).toBeUndefined();
      expect(statuses).toEqual({ 200: batches + 1 });
      expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(client, batches));
    }
    const batches = reports.reduce((sum, report) => sum + report.batches, 0);
    const [stored] = await database.query(
      `select count(*) as count from (
        select run_id, step from metrics where key = 'loss' union
        select run_id, step from unsorted_metrics where key = 'loss'
      ) as logged where step % 5 = 0`,
    );
    expect(Number(stored?.["count"])).toBe(batches);
    expect(reports).toHaveLength(32);
    expect(Math.min(...reports.map((report) => report.batches))).toBeGreaterThan(0);
    expect(tracker.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    process.stdout.write(
      `${batches} batches of 20 metrics, a param and a tag in ${seconds} s on ${kind.name}\n`,
    );
  });
});

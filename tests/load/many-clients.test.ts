import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tallyOfBatches } from "./batches.ts";
import { kindsOfDatabase } from "./databases-under-load.ts";
import { startLogging } from "./logging-worker.ts";
import { RetryingClient } from "./retrying-client.ts";
import { storedTally } from "./stored-batches.ts";
import { startTrackerProcess } from "./tracker-process.ts";

/** How long the clients log, for each database. */
const seconds = Number(process.env.LOAD_SECONDS ?? "60");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "many-clients-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.each(kindsOfDatabase)("a tracker on $name", ({ name, open }) => {
  it(`keeps every batch that 32 clients log for ${seconds} s, once, and answers each with 200`, async () => {
    const database = await open(folder);
    const tracker = await startTrackerProcess({ folder, database: database.address });
    const clients = await startLogging([tracker.url], { clients: 32 });
    await sleep(seconds * 1000);
    const reports = await clients.stop();

    const connection = new RetryingClient(tracker.url);
    for (const { client, runId, batches, statuses, failure } of reports) {
      expect(failure).toBeUndefined();
      expect(statuses).toEqual({ 200: batches + 1 });
      expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(client, batches));
    }
    await connection.close();
    const batches = reports.reduce((sum, report) => sum + report.batches, 0);
    const [stored] = await database.query(
      "select count(*) as count from metrics where step % 5 = 0 and key = 'loss'",
    );
    expect(Number(stored?.["count"])).toBe(batches);
    expect(reports).toHaveLength(32);
    expect(Math.min(...reports.map((report) => report.batches))).toBeGreaterThan(0);
    expect(tracker.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    process.stdout.write(
      `${batches} batches of 20 metrics, a param and a tag in ${seconds} s on ${name}\n`,
    );
    await tracker.stop();
    await database.discard();
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { batchOf, tallyOfBatches } from "./batches.ts";
import { kindsOfDatabase, type DatabaseUnderLoad } from "./databases-under-load.ts";
import { loadFixture } from "./load-fixture.ts";
import { startLogging } from "./logging-worker.ts";
import { RequestError, RetryingClient } from "./retrying-client.ts";
import { storedTally } from "./stored-batches.ts";

/** How often a tracker is killed. */
const kills = 6;

/** What a client saw before the tracker was gone. */
interface Broken {
  readonly runId: string;
  readonly acknowledged: number;
}

/** Logs until there is no answer any more; nothing is sent twice. */
async function logUntilBroken(url: string, client: number): Promise<Broken> {
  const connection = new RetryingClient(url, { retries: 0 });
  let runId = "";
  let acknowledged = 0;
  try {
    const { run } = await connection.post("/runs/create", { run_name: `client-${client}` });
    runId = (run as { info: { run_id: string } }).info.run_id;
    for (; ; acknowledged += 1) {
      await connection.post("/runs/log-batch", { run_id: runId, ...batchOf(client, acknowledged) });
    }
  } catch (error) {
    if (!(error instanceof RequestError && error.status === 0)) throw error;
  } finally {
    await connection.close();
  }
  return { runId, acknowledged };
}

/** What a run has in the database, seen at one moment. */
async function storedBatches(
  database: DatabaseUnderLoad,
  runId: string,
): Promise<{ readonly batches: number; readonly metrics: number; readonly params: number }> {
  const [row] = await database.query(
    `select
      (select value from run_tags where run_id = '${runId}' and key = 'batches') as batches,
      (select count(*) from (${loggedMetrics(runId)}) as logged) as metrics,
      (select count(*) from params where run_id = '${runId}') as params`,
  );
  const { batches, metrics, params } = row ?? {};
  return { batches: Number(batches), metrics: Number(metrics), params: Number(params) };
}

const load = loadFixture();

/** Values are appended to one table, and moved to another one later: each counts once. */
function loggedMetrics(runId: string): string {
  const from = (table: string) =>
    `select key, timestamp, step, value from ${table} where run_id = '${runId}'`;
  return `${from("metrics")} union ${from("unsorted_metrics")}`;
}

describe.each(kindsOfDatabase)("a tracker on $name", (kind) => {
  it(`has every acknowledged batch, and none by half, each of ${kills} times it is killed`, async () => {
    const database = await load.openDatabase(kind);
    let unanswered = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const tracker = await load.startTracker({ database: database.address });
      const clients = Array.from({ length: 8 }, (_, client) => logUntilBroken(tracker.url, client));
      // Not the same moment of a batch each time.
      await sleep(400 + 37 * kill);
      await tracker.stop("SIGKILL");

      for (const { runId, acknowledged } of await Promise.all(clients)) {
        const stored = await storedBatches(database, runId);
        // The batch that was under way may be there too: only its answer is missing.
        expect([acknowledged, acknowledged + 1]).toContain(stored.batches);
        expect(stored).toMatchObject(sizesOf(stored.batches));
        unanswered += stored.batches - acknowledged;
      }
      expect(await database.damage()).toEqual([]);
    }
    process.stdout.write(`${unanswered} batches were kept whose answer was lost on ${kind.name}\n`);
  });

  it("loses nothing of clients that try again while it is killed and started anew", async () => {
    const { address } = await load.openDatabase(kind);
    let tracker = await load.startTracker({ database: address });
    const { url, port } = tracker;
    const clients = await startLogging([url], { clients: 16 });
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(1000);
      await tracker.stop("SIGKILL");
      tracker = await load.startTracker({ database: address, port });
    }
    await sleep(500);
    const reports = await clients.stop();

    const connection = load.connect(url);
    for (const { client, runId, batches, statuses, failure } of reports) {
      expect(failure).toBeUndefined();
      expect(Object.keys(statuses)).toEqual(["0", "200"]);
      expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(client, batches));
    }
    expect(reports).toHaveLength(16);
  });
});

function sizesOf(batches: number): { metrics: number; params: number } {
  const { metrics, params } = tallyOfBatches(0, batches);
  return { metrics, params };
}

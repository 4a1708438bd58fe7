import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { tallyOfBatches } from "./batches.ts";
import { hasPostgres, postgresUnderLoad } from "./databases-under-load.ts";
import { loadFixture } from "./load-fixture.ts";
import { startLogging } from "./logging-worker.ts";
import { RequestError } from "./retrying-client.ts";
import { storedTally } from "./stored-batches.ts";

const load = loadFixture();

describe.runIf(hasPostgres)("a tracker whose Postgres is restarted", () => {
  for (const mode of ["immediate", "fast"] as const) {
    it(`lives on, and its clients lose nothing, when it stops in mode ${mode}`, async () => {
      const { postgres, address } = await load.openDatabase(postgresUnderLoad);
      const tracker = await load.startTracker({ database: address });
      const clients = await startLogging([tracker.url], { clients: 16 });
      for (let restart = 0; restart < 2; restart += 1) {
        await sleep(1500);
        await postgres!.shutDown(mode);
        await sleep(300);
        await postgres!.startUp();
      }
      await sleep(1500);
      const reports = await clients.stop();

      expect(tracker.alive).toBe(true);
      const connection = load.connect(tracker.url);
      for (const { client, runId, batches, statuses, failure } of reports) {
        expect(failure).toBeUndefined();
        // 503 is what clients try again; a broken connection or a 500 would be the tracker's fault.
        expect(Object.keys(statuses)).toEqual(["200", "503"]);
        expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(client, batches));
      }
      expect(reports).toHaveLength(16);
    });
  }

  it("says at once that the database cannot be reached, and answers when it is back", async () => {
    const { postgres, address } = await load.openDatabase(postgresUnderLoad);
    const tracker = await load.startTracker({ database: address });
    const connection = load.connect(tracker.url, { retries: 0 });
    await connection.post("/runs/create", {});

    await postgres!.shutDown("fast");
    const refused = await connection.post("/runs/create", {}).catch((error: unknown) => error);
    await postgres!.startUp();

    expect(refused).toBeInstanceOf(RequestError);
    expect(refused).toMatchObject({
      status: 503,
      message: expect.stringContaining("The database cannot be reached; try again"),
    });
    expect(await connection.post("/runs/create", {})).toHaveProperty("run");
  });
});

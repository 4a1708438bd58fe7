import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { tallyOfBatches } from "./batches.ts";
import { kindsOfDatabase } from "./databases-under-load.ts";
import { loadFixture } from "./load-fixture.ts";
import { startLogging } from "./logging-worker.ts";
import { storedTally } from "./stored-batches.ts";

const load = loadFixture();

describe.each(kindsOfDatabase)("two trackers on one $name", (kind) => {
  it("start at the same time, and keep all that the clients of both log", async () => {
    const { address } = await load.openDatabase(kind);
    const start = () => load.startTracker({ database: address });
    const trackers = await Promise.all([start(), start()]);
    const clients = await startLogging(
      trackers.map(({ url }) => url),
      { clients: 16 },
    );
    await sleep(6000);
    const reports = await clients.stop();

    const connections = trackers.map(({ url }) => load.connect(url));
    for (const { client, runId, batches, statuses, failure } of reports) {
      expect(failure).toBeUndefined();
      expect(statuses).toEqual({ 200: batches + 1 });
      // Asked at the one that did not write it.
      const other = connections[(client + 1) % 2]!;
      expect(await storedTally(other, runId)).toEqual(tallyOfBatches(client, batches));
    }
    expect(reports).toHaveLength(16);
  });

  it("never give out a version or an experiment twice", async () => {
    const { address } = await load.openDatabase(kind);
    const start = () => load.startTracker({ database: address });
    const trackers = await Promise.all([start(), start()]);
    const connections = [...trackers, ...trackers].map(({ url }) => load.connect(url));
    await connections[0]!.post("/registered-models/create", { name: "digits" });
    const made = await Promise.all(
      connections.map(async (connection, client) => {
        const versions: number[] = [];
        const experiments: number[] = [];
        for (let index = 0; index < 25; index += 1) {
          const version = { name: "digits", source: `file:///packages/${client}-${index}` };
          const { model_version } = await connection.post("/model-versions/create", version);
          versions.push(Number((model_version as { version: string }).version));
          const experiment = { name: `experiment ${client} ${index}` };
          const { experiment_id } = await connection.post("/experiments/create", experiment);
          experiments.push(Number(experiment_id));
        }
        return { versions, experiments };
      }),
    );

    const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(sorted(made.flatMap(({ versions }) => versions))).toEqual(oneToHundred);
    expect(sorted(made.flatMap(({ experiments }) => experiments))).toEqual(oneToHundred);
  });
});

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}

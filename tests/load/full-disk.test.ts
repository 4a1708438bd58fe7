import { randomBytes } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { whyNoSmallDisk, withSmallDisk } from "@updraft/contracts/small-disk-under-test";
import { describe, expect, it } from "vitest";
import { batchOf, tallyOfBatches } from "./batches.ts";
import { loadFixture } from "./load-fixture.ts";
import { RequestError, type RetryingClient } from "./retrying-client.ts";
import { fillDisk, onDiskOf } from "./small-disk.ts";
import { storedTally } from "./stored-batches.ts";

const missing = whyNoSmallDisk();
if (missing !== undefined) {
  process.stderr.write(`skipped: a full disk, for which no small one can be mounted: ${missing}\n`);
}

const load = loadFixture();

/** A tracker with database and artifacts on a disk of 24 MiB. */
async function trackerOnSmallDisk() {
  const disk = join(load.folder, "disk");
  await mkdir(disk);
  const tracker = await load.startTracker({ folder: disk, wrapper: withSmallDisk(disk, 24) });
  const connection = load.connect(tracker.url, { retries: 0 });
  return { disk, tracker, connection };
}

async function newRun(connection: RetryingClient): Promise<string> {
  const { run } = await connection.post("/runs/create", {});
  return (run as { info: { run_id: string } }).info.run_id;
}

function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  throw error;
}

/** Logs batch after batch until one is refused, or 10,000 are there. */
async function logUntilRefused(log: (index: number) => Promise<unknown>) {
  for (let acknowledged = 0; acknowledged < 10_000; acknowledged += 1) {
    try {
      await log(acknowledged);
    } catch (refused) {
      return { acknowledged, refused };
    }
  }
  return { acknowledged: 10_000, refused: undefined };
}

describe.runIf(missing === undefined)("a tracker whose disk is full", () => {
  it("refuses a batch as a whole, keeps what it has acknowledged, and goes on with space", async () => {
    const { disk, tracker, connection } = await trackerOnSmallDisk();
    const runId = await newRun(connection);
    const runIds = await Promise.all(Array.from({ length: 8 }, () => newRun(connection)));
    const log = (index: number) =>
      connection.post("/runs/log-batch", { run_id: runId, ...batchOf(0, index) });
    const free = await fillDisk(tracker, disk);

    const { acknowledged, refused } = await logUntilRefused(log);

    expect(refused).toMatchObject({
      status: 507,
      message: expect.stringContaining(
        "The disk of the tracker's database is full; nothing of this request was stored.",
      ),
    });
    // Reading needs no space, and finds what was acknowledged before and nothing of the rest.
    expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(0, acknowledged));
    // So it is for those who write at the same moment, and share a commit.
    const others = runIds.map(() => load.connect(tracker.url, { retries: 0 }));
    const together = others.map((other, index) =>
      other.post("/runs/log-batch", { run_id: runIds[index], ...batchOf(1, 0) }).catch(statusOf),
    );
    expect(await Promise.all(together)).toEqual(runIds.map(() => 507));
    for (const id of runIds) {
      expect(await storedTally(connection, id)).toEqual(tallyOfBatches(1, 0));
    }
    expect((await fetch(`${tracker.url}/health`)).status).toBe(200);

    await free();
    for (let index = acknowledged; index < acknowledged + 50; index += 1) await log(index);
    expect(await storedTally(connection, runId)).toEqual(tallyOfBatches(0, acknowledged + 50));
    const database = new DatabaseSync(onDiskOf(tracker, join(disk, "tracker.db")));
    expect(
      database
        .prepare("pragma integrity_check")
        .all()
        .map((row) => ({ ...row })),
    ).toEqual([{ integrity_check: "ok" }]);
    database.close();
  });

  it("refuses an artifact that does not fit, keeps nothing of it, and takes it with space", async () => {
    const { disk, tracker } = await trackerOnSmallDisk();
    const url = `${tracker.url}/api/2.0/mlflow-artifacts/artifacts/0/model/weights.bin`;
    const put = (content: Buffer<ArrayBuffer>) => fetch(url, { method: "PUT", body: content });
    const old = randomBytes(1000);
    const large = randomBytes(8_000_000);
    expect((await put(old)).status).toBe(200);
    const free = await fillDisk(tracker, disk);

    const answer = await put(large);

    expect([answer.status, await answer.json()]).toEqual([
      507,
      {
        error_code: "RESOURCE_EXHAUSTED",
        message: expect.stringContaining("there is no space left for 0/model/weights.bin"),
      },
    ]);
    const incoming = onDiskOf(tracker, join(disk, "artifacts/.incoming"));
    expect(await readdir(incoming)).toEqual([]);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(old)).toBe(true);

    await free();
    expect((await put(large)).status).toBe(200);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(large)).toBe(true);
  });
});

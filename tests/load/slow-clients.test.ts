import { once } from "node:events";
import { readdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { batchOf, tallyOfBatches } from "./batches.ts";
import { loadFixture } from "./load-fixture.ts";
import { forgetPeak, memoryOf, peakMemoryMiB } from "./process-memory.ts";
import { storedTally } from "./stored-batches.ts";
import type { TrackerProcess } from "./tracker-process.ts";

const artifacts = "/api/2.0/mlflow-artifacts/artifacts";
const mebibyte = 1 << 20;

const load = loadFixture();

/** A connection to a tracker that is closed with the test at the latest. */
async function socketTo({ port }: TrackerProcess): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  load.atEnd(async () => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

function head(method: string, path: string, length: number): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;
}

/** Sends a request byte by byte, each as a packet of its own. @returns the status */
async function sendSlowly(
  tracker: TrackerProcess,
  method: string,
  path: string,
  body: string,
): Promise<string> {
  const socket = await socketTo(tracker);
  socket.setNoDelay(true);
  const answer = text(socket);
  for (const byte of Buffer.from(head(method, path, Buffer.byteLength(body)) + body)) {
    socket.write(Buffer.of(byte));
    await sleep(2);
  }
  return (await answer).split(" ")[1] ?? "";
}

/** Asks for a file, and reads none of it. */
async function askWithoutReading(tracker: TrackerProcess, path: string): Promise<Socket> {
  const socket = await socketTo(tracker);
  socket.pause();
  socket.write(head("GET", path, 0));
  return socket;
}

function openFiles({ pid }: TrackerProcess): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Logs, as a client in a hurry, for as long as it should. @returns how many batches */
async function logWhile(
  tracker: TrackerProcess,
  goesOn: (batches: number) => boolean,
): Promise<number> {
  const connection = load.connect(tracker.url, { retries: 0 });
  const { run } = await connection.post("/runs/create", {});
  const { run_id } = (run as { info: { run_id: string } }).info;
  let batches = 0;
  for (; goesOn(batches); batches += 1) {
    await connection.post("/runs/log-batch", { run_id, ...batchOf(0, batches) });
  }
  expect(await storedTally(connection, run_id)).toEqual(tallyOfBatches(0, batches));
  return batches;
}

describe("slow clients", () => {
  it("send byte by byte, arrive whole, and hold up nobody", async () => {
    const tracker = await load.startTracker();
    const uploads = Array.from({ length: 20 }, (_, index) =>
      sendSlowly(
        tracker,
        "PUT",
        `${artifacts}/0/slow/${index}.txt`,
        `content ${index} `.repeat(20),
      ),
    );
    const creations = Array.from({ length: 20 }, (_, index) =>
      sendSlowly(
        tracker,
        "POST",
        "/api/2.0/mlflow/experiments/create",
        JSON.stringify({ name: `slowly made ${index}`, tags: [] }),
      ),
    );

    const sending = new Set([...uploads, ...creations]);
    for (const each of sending) void each.finally(() => sending.delete(each));
    const statuses = Promise.all(sending);
    const batches = await logWhile(tracker, () => sending.size > 0);

    expect(new Set(await statuses)).toEqual(new Set(["200"]));
    expect(batches).toBeGreaterThan(20);
    for (const index of [0, 19]) {
      const answer = await fetch(`${tracker.url}${artifacts}/0/slow/${index}.txt`);
      expect(await answer.text()).toBe(`content ${index} `.repeat(20));
    }
  });

  it("that do not read what they ask for take little memory, and leave nothing open", async () => {
    const tracker = await load.startTracker();
    const file = `${artifacts}/0/large.bin`;
    const content = new Uint8Array(256 * mebibyte).fill(7);
    expect((await fetch(tracker.url + file, { method: "PUT", body: content })).status).toBe(200);
    const filesBefore = openFiles(tracker);
    // The upload has had a peak of its own.
    forgetPeak(tracker.pid);
    const before = memoryOf(tracker.pid).residentMiB;

    const readers = [];
    for (let index = 0; index < 20; index += 1)
      readers.push(await askWithoutReading(tracker, file));
    await expect
      .poll(() => openFiles(tracker), { timeout: 10_000 })
      .toBeGreaterThanOrEqual(filesBefore + 40);
    // Nobody is held up by them.
    await logWhile(tracker, (batches) => batches < 100);
    const peak = peakMemoryMiB(tracker.pid);
    for (const reader of readers) reader.destroy();

    expect(peak - before).toBeLessThan(80);
    // Those who went away leave neither connections nor open files.
    await expect
      .poll(() => openFiles(tracker), { timeout: 10_000 })
      .toBeLessThanOrEqual(filesBefore + 2);
  });

  it("that vanish in mid-upload leave nothing behind", async () => {
    const tracker = await load.startTracker();
    const incoming = join(load.folder, "artifacts/.incoming");
    const uploads = [];
    for (let index = 0; index < 20; index += 1) {
      const socket = await socketTo(tracker);
      socket.write(head("PUT", `${artifacts}/0/half/${index}.bin`, mebibyte));
      socket.write(Buffer.alloc(10_000));
      uploads.push(socket);
    }
    const started = async () => (await readdir(incoming).catch(() => [])).length;
    await expect.poll(started, { timeout: 10_000 }).toBe(20);

    for (const socket of uploads) socket.destroy();

    await expect.poll(started, { timeout: 10_000 }).toBe(0);
    const listed = await fetch(`${tracker.url}${artifacts}?path=0/half`);
    expect(await listed.json()).toEqual({ files: [] });
    expect(tracker.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

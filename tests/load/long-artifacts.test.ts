import { createHash, randomBytes, type Hash } from "node:crypto";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadFixture } from "./load-fixture.ts";
import { memoryOf } from "./process-memory.ts";
import type { TrackerProcess } from "./tracker-process.ts";

const program = minioProgram("long artifacts of the tracker in a bucket");
const base = "/api/2.0/mlflow-artifacts/artifacts";
const mebibyte = 1024 * 1024;
/** 2 GiB and a bit, so that nothing comes out even. */
const longBytes = 2048 * mebibyte + 12_345;
const block = randomBytes(4 * mebibyte);

const load = loadFixture();

describe("long artifacts in a folder", () => {
  describeTransfers(() => ({}));

  it("leave nothing of a client that goes away", async () => {
    const tracker = await load.startTracker();
    const socket = await beginUpload(tracker, "1/a.bin", 3 * mebibyte);
    const incoming = join(load.folder, "artifacts/.incoming");
    await expect.poll(async () => (await readdir(incoming)).length).toBe(1);
    socket.destroy();

    await expect.poll(async () => (await readdir(incoming)).length).toBe(0);
    expect((await fetch(`${tracker.url}${base}/1/a.bin`)).status).toBe(404);
  });
});

describe.runIf(program)("long artifacts in a bucket", () => {
  let minio: MinioUnderTest;
  let bucket: string;
  beforeAll(async () => {
    minio = await startMinio(program ?? "");
    bucket = await minio.newBucket();
  });
  afterAll(() => minio.stop());

  describeTransfers(() => ({
    ...minio.variables,
    MLFLOW_ARTIFACTS_DESTINATION: `s3://${bucket}/tracker`,
  }));
});

function describeTransfers(variables: () => Readonly<Record<string, string>>): void {
  it("go in and out in constant memory", { timeout: 240_000 }, async () => {
    const tracker = await load.startTracker({ variables: variables() });
    await upload(tracker, "0/warm.bin", 64 * mebibyte);
    await download(tracker, "0/warm.bin");
    const idle = memoryOf(tracker.pid).residentMiB;
    const peak = watchMemory(tracker.pid);

    const sent = await upload(tracker, "0/long.bin", longBytes);
    const got = await download(tracker, "0/long.bin");

    expect(got).toEqual({ bytes: longBytes, sha256: sent });
    const most = peak.stop();
    expect(most - idle).toBeLessThan(150);
    await fetch(`${tracker.url}${base}/0/long.bin`, { method: "DELETE" });
    await rm(join(load.folder, "artifacts"), { recursive: true, force: true });
  });

  it("are no burden when a hundred clients are slow", async () => {
    const tracker = await load.startTracker({ variables: variables() });
    await upload(tracker, "0/big.bin", 64 * mebibyte);
    await download(tracker, "0/big.bin");
    const idle = memoryOf(tracker.pid).residentMiB;

    const writers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => beginUpload(tracker, `1/${index}`, 100_000)),
    );
    const readers = await Promise.all(Array.from({ length: 100 }, () => beginDownload(tracker)));
    const start = performance.now();
    expect((await fetch(`${tracker.url}/health`)).status).toBe(200);

    expect(performance.now() - start).toBeLessThan(1000);
    expect(memoryOf(tracker.pid).residentMiB - idle).toBeLessThan(150);
    expect(writers.filter(({ destroyed }) => destroyed)).toEqual([]);
    for (const socket of [...writers, ...readers]) socket.destroy();
  });
}

/** Sends so many bytes; their sha256. */
async function upload(tracker: TrackerProcess, path: string, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  const request = httpRequest(`${tracker.url}${base}/${path}`, {
    method: "PUT",
    headers: { "content-length": bytes },
  });
  const answered = once(request, "response") as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(blocks(bytes, hash)), request);
  const [answer] = await answered;
  answer.resume();
  expect(answer.statusCode).toBe(200);
  return hash.digest("hex");
}

function* blocks(bytes: number, hash: Hash): Generator<Buffer, void> {
  for (let sent = 0; sent < bytes; sent += block.length) {
    const part = block.subarray(0, Math.min(block.length, bytes - sent));
    hash.update(part);
    yield part;
  }
}

async function download(tracker: TrackerProcess, path: string) {
  const hash = createHash("sha256");
  let bytes = 0;
  const request = httpRequest(`${tracker.url}${base}/${path}`).end();
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  const counted = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(answer, counted);
  return { bytes, sha256: hash.digest("hex") };
}

/** Begins an upload of 1 GiB and pauses after some bytes. */
async function beginUpload(tracker: TrackerProcess, path: string, bytes: number): Promise<Socket> {
  const socket = connect(tracker.port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  // An answer would mean that the tracker has stopped reading.
  socket.on("data", (answer) => socket.destroy(new Error(`it was refused: ${String(answer)}`)));
  const head = `PUT ${base}/${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${1024 * mebibyte}\r\n\r\n`;
  socket.write(head);
  await new Promise((resolve) => socket.write(block.subarray(0, bytes), resolve));
  return socket;
}

/** Begins a download and reads no more than the beginning. */
async function beginDownload(tracker: TrackerProcess): Promise<Socket> {
  const socket = connect(tracker.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET ${base}/0/big.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  await once(socket, "readable");
  expect(String(socket.read(15))).toBe("HTTP/1.1 200 OK");
  return socket;
}

/** Looks at a process's memory until it is stopped; the most that it had, in MiB. */
function watchMemory(pid: number) {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(pid).residentMiB);
  }, 100);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

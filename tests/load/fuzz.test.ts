import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { kindsOfDatabase } from "./databases-under-load.ts";
import { loadFixture } from "./load-fixture.ts";
import {
  createRandom,
  oddRequest,
  operations,
  type OddRequest,
  type SoundFields,
} from "./odd-requests.ts";
import type { TrackerProcess } from "./tracker-process.ts";

/** How many requests are sent for each database. */
const count = Number(process.env.FUZZ_REQUESTS ?? "4000");

const clients = 8;
const secret = "what lies beside the artifacts is nobody's business";

const load = loadFixture();

/** A tracker three folders deep, with a file in each that nobody must get at. */
async function trackerAmongSecrets(database: string): Promise<TrackerProcess> {
  const folder = join(load.folder, "a/b");
  await mkdir(folder, { recursive: true });
  for (const beside of [".", "a", "a/b"])
    await writeFile(join(load.folder, beside, "secret.txt"), secret);
  return load.startTracker({ folder, database });
}

/** Every file that is not an artifact or the database. */
async function otherFiles(): Promise<string[]> {
  const entries = await readdir(load.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(load.folder.length + 1));
  return files.filter((file) => !/^(a\/b\/artifacts\/|tracker\.db)/.test(file)).toSorted();
}

/** What operations are about, and where they find it. */
async function soundFields({ url }: TrackerProcess): Promise<SoundFields> {
  const connection = load.connect(url);
  const { run } = await connection.post("/runs/create", {});
  await connection.post("/registered-models/create", { name: "m" });
  await connection.post("/model-versions/create", { name: "m", source: "file:///a" });
  const { run_id } = (run as { info: { run_id: string } }).info;
  const ofRun = { run_id, run_uuid: run_id, key: "k", value: "1", timestamp: 1, metric_key: "k" };
  const ofModel = { name: "m", version: "1", alias: "a", source: "file:///a", new_name: "m" };
  return { ...ofRun, ...ofModel, experiment_id: "0", experiment_ids: ["0"] };
}

interface OddAnswer {
  readonly status: number;
  readonly body: Buffer;
}

async function send(url: string, agent: Agent, odd: OddRequest): Promise<OddAnswer> {
  const { hostname, port } = new URL(url);
  const length = odd.body === undefined ? {} : { "content-length": odd.body.length };
  const headers = { "content-type": "application/json", ...length };
  const sent = request({ hostname, port, agent, headers, method: odd.method, path: odd.path });
  sent.end(odd.body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await buffer(answer) };
}

/** Sends bytes that may be no HTTP at all. @returns the status, or nothing if there is no answer */
async function sendBytes({ port }: TrackerProcess, bytes: Buffer): Promise<number | undefined> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.end(bytes);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString("latin1"))?.[1];
  return status === undefined ? undefined : Number(status);
}

function oddBytes(number: number): Buffer {
  const random = createRandom(number);
  const heads = ["GET / HTTP/1.1\r\n", "PUT /api HTTP/1.1\r\nContent-Length: 5\r\n", "", "\0\0"];
  const lines = ["Host: localhost\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: -1\r\n"];
  const parts = [heads, lines, [...lines, ""], ["\r\n", "\r\nzz\r\n", "\r\n\xff"]];
  const text = parts.map((some) => some[Math.floor(random() * some.length)]).join("");
  const noise = Buffer.from(
    Array.from({ length: random() * 64 }, () => Math.floor(random() * 256)),
  );
  return Buffer.concat([Buffer.from(text, "latin1"), noise]);
}

describe.each(kindsOfDatabase)("a tracker on $name", (kind) => {
  it(`answers ${count} odd requests without an error of its own, and touches only what is its own`, async () => {
    const database = await load.openDatabase(kind);
    const tracker = await trackerAmongSecrets(database.address);
    const sound = await soundFields(tracker);
    const filesBefore = await otherFiles();
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    load.atEnd(async () => agent.destroy());
    const failed: object[] = [];
    const statuses = new Map<number, number>();
    const client = async (first: number) => {
      for (let number = first; number < count; number += clients) {
        const odd = oddRequest(number, sound);
        const { status, body } = await send(tracker.url, agent, odd);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // A folder has no presigned addresses: MLflow answers 501 there, which no client tries again.
        if ((status >= 500 && status !== 501) || body.includes(secret)) {
          failed.push({ number, ...odd, body: odd.body?.toString("latin1"), status });
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, first) => client(first)));

    expect(failed).toEqual([]);
    const unexpected = tracker.logged.filter(({ level }) => Number(level) >= 50);
    expect(unexpected.filter((line) => !String(line["url"]).includes("/presigned/"))).toEqual([]);
    expect(tracker.alive).toBe(true);
    expect(await otherFiles()).toEqual(filesBefore);
    for (const file of filesBefore)
      expect(await readFile(join(load.folder, file), "utf8")).toBe(secret);
    expect(await database.damage()).toEqual([]);
    // Else the requests would not have got far enough to find anything.
    expect(operations.length).toBeGreaterThan(40);
    expect(statuses.get(200)).toBeGreaterThan(count / 50);
    process.stdout.write(
      `${kind.name}: ${[...statuses].map((pair) => pair.join(" ")).join(", ")}\n`,
    );
  });
});

it("survives 500 connections on which anything comes", async () => {
  const tracker = await load.startTracker();
  const statuses = new Set<number | undefined>();
  for (let number = 0; number < 500; number += 1) {
    statuses.add(await sendBytes(tracker, oddBytes(number)));
  }

  expect([...statuses].filter((status) => status !== undefined && status >= 500)).toEqual([]);
  expect(statuses).toContain(400);
  expect((await fetch(`${tracker.url}/health`)).status).toBe(200);
  expect(tracker.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
});

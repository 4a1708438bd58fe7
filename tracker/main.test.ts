import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { postgresPrograms, startPostgres } from "./store/postgres-under-test.ts";

let folder: string;
let processes: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracker-main-"));
  processes = [];
});
afterEach(async () => {
  for (const child of processes) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
  await rm(folder, { recursive: true });
});

function start(
  changes: Record<string, string | undefined> = {},
  args: readonly string[] = [],
): ChildProcess {
  const environment = {
    PATH: process.env.PATH,
    PORT: "0",
    MLFLOW_BACKEND_STORE_URI: `sqlite:///${folder}/tracker.db`,
    MLFLOW_ARTIFACTS_DESTINATION: `file://${folder}/artifacts`,
    ...changes,
  };
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  processes.push(child);
  return child;
}

/** Where a tracker listens, once it does. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("unreachable: stdout is a pipe");
  for await (const line of createInterface(child.stdout)) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port) return `http://127.0.0.1:${port}`;
  }
  throw new Error("the tracker ended without listening");
}

/** How a tracker that cannot start ends: its exit code and the message on stderr. */
async function failureOf(child: ChildProcess): Promise<[number | null, string[]]> {
  if (!child.stderr || !child.stdout) throw new Error("unreachable: both are pipes");
  const [stderr, stdout] = await Promise.all([text(child.stderr), text(child.stdout)]);
  if (child.exitCode === null) await once(child, "exit");
  const messages = `${stdout}${stderr}`
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .map(({ level, msg }) => `${level} ${msg}`);
  return [child.exitCode, messages];
}

async function post(url: string, path: string, fields: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/2.0/mlflow${path}`, {
    method: "POST",
    body: JSON.stringify(fields),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
}

/** Status of an answer to a connection of its own, which asks for a name as an Ingress does. */
function statusFor(url: string, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { headers: { host }, agent: new Agent() }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode));
    }).once("error", reject);
  });
}

describe("the tracker's process", () => {
  it("keeps every write it has acknowledged when it is killed in mid-batch", async () => {
    const child = start();
    const url = await addressOf(child);
    const { run } = (await post(url, "/runs/create", {})) as { run: { info: { run_id: string } } };
    const { run_id } = run.info;
    const acknowledged: number[] = [];
    const client = async (first: number) => {
      for (let step = first; ; step += 4) {
        const metrics = Array.from({ length: 100 }, (_, index) => ({
          key: `m${index}`,
          value: step,
          timestamp: step,
          step,
        }));
        await post(url, "/runs/log-batch", { run_id, metrics });
        acknowledged.push(step);
        if (acknowledged.length === 40) child.kill("SIGKILL");
      }
    };

    const ended = await Promise.allSettled([client(0), client(1), client(2), client(3)]);
    expect(ended.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));

    const again = await addressOf(start());
    for (const key of ["m0", "m99"]) {
      const query = new URLSearchParams({ run_id, metric_key: key });
      const response = await fetch(`${again}/api/2.0/mlflow/metrics/get-history?${query}`);
      const { metrics } = (await response.json()) as { metrics: { step: number }[] };
      const steps = new Set(metrics.map(({ step }) => step));
      expect(acknowledged.filter((step) => !steps.has(step))).toEqual([]);
      // A batch that was under way is there as a whole or not at all.
      expect(steps.size).toBeLessThanOrEqual(acknowledged.length + 4);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
  });

  it("ends with 0 when it is asked to, after the requests in progress", async () => {
    const child = start({ DRAIN_SECONDS: "5" });
    const url = await addressOf(child);
    const upload = new TransformStream<Uint8Array, Uint8Array>();
    const writer = upload.writable.getWriter();
    const answer = fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/1/a.txt`, {
      method: "PUT",
      body: upload.readable,
      duplex: "half",
    } as RequestInit);
    await writer.write(Buffer.from("first "));
    await expect
      .poll(async () => (await fetch(`${url}/health`, { headers: { connection: "close" } })).status)
      .toBe(200);

    child.kill("SIGTERM");
    await writer.write(Buffer.from("second"));
    await writer.close();

    expect((await answer).status).toBe(200);
    if (child.exitCode === null) await once(child, "exit");
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  });

  it("names every problem of its settings, and ends with 2", async () => {
    const child = start({ PORT: "http", MLFLOW_ARTIFACTS_DESTINATION: undefined });

    expect(await failureOf(child)).toEqual([
      2,
      [
        '60 PORT is "http": expected a port from 0 to 65535\nMLFLOW_ARTIFACTS_DESTINATION: is missing; expected file:///absolute/folder or s3://bucket/prefix',
      ],
    ]);
  });

  it("lets nobody in but those of its credentials, and takes up new ones while it runs", async () => {
    const file = join(folder, "users.json");
    const write = (secret: string) =>
      writeFile(
        file,
        JSON.stringify({ users: [{ name: "a", access: "read", secrets: [secret] }] }),
      );
    await write("the-first-secret");
    const url = await addressOf(start({ TRACKER_CREDENTIALS_FILE: file, HOST: "0.0.0.0" }));
    const status = async (secret: string) =>
      (await fetch(url, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect([(await fetch(url)).status, await status("the-first-secret")]).toEqual([401, 200]);

    await write("the-second-secret");
    await expect.poll(() => status("the-second-secret"), { timeout: 10_000 }).toBe(200);
    expect(await status("the-first-secret")).toBe(401);
  }, 20_000);

  it("does not start without the credentials it is told to use", async () => {
    const child = start({ TRACKER_CREDENTIALS_FILE: `${folder}/nowhere.json` });

    expect(await failureOf(child)).toEqual([
      2,
      [`60 ${folder}/nowhere.json (TRACKER_CREDENTIALS_FILE): there is no such file`],
    ]);
  });

  it("frees what is deleted beside a running tracker, and says what", async () => {
    const url = await addressOf(start());
    const { run } = (await post(url, "/runs/create", {})) as { run: { info: { run_id: string } } };
    const { run_id } = run.info;
    await post(url, "/runs/update", { run_id, status: "FINISHED", end_time: 1 });
    await post(url, "/runs/delete", { run_id });
    const outputOf = async (...flags: string[]) => {
      const child = start({}, ["gc", ...flags]);
      if (!child.stdout) throw new Error("unreachable: stdout is a pipe");
      return text(child.stdout);
    };

    expect(await outputOf("--dry-run")).toBe("would free 1 run; 0 bytes\n");
    expect(await outputOf()).toBe("freed 1 run; 0 bytes\n");
    expect(await outputOf()).toBe("freed nothing; 0 bytes\n");
    const query = new URLSearchParams({ run_id });
    expect((await fetch(`${url}/api/2.0/mlflow/runs/get?${query}`)).status).toBe(404);
  });

  it("knows no other command, and no other flags", async () => {
    expect(await failureOf(start({}, ["clean"]))).toEqual([
      2,
      ["60 there is no command clean; there is gc, and without one it serves"],
    ]);
    const [code, messages] = await failureOf(start({}, ["gc", "--keep-runs", "many"]));
    expect([code, messages[0]]).toEqual([2, expect.stringMatching(/^60 --keep-runs: /)]);
  });

  it("says which port is busy", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;

    expect(await failureOf(start({ PORT: String(port) }))).toEqual([
      1,
      [
        `60 cannot listen on 127.0.0.1:${port}: another program listens there; stop it, or set PORT to a free port`,
      ],
    ]);
    other.close();
  });

  it("says which file is no database", async () => {
    await writeFile(join(folder, "tracker.db"), "not a database at all\n".repeat(50));

    expect(await failureOf(start())).toEqual([
      1,
      [
        `60 cannot use ${folder}/tracker.db as database: the file is not an SQLite database; name another one, or move it away`,
      ],
    ]);
  });

  it("says why it cannot use a bucket", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const variables = {
      STARTUP_WAIT_SECONDS: "0",
      MLFLOW_ARTIFACTS_DESTINATION: "s3://my-bucket/artifacts",
      S3_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "me",
      AWS_SECRET_ACCESS_KEY: "the-secret",
    };
    const failure = async (changes: Record<string, string>) =>
      failureOf(start({ ...variables, ...changes }));
    const prefix =
      "60 cannot write artifacts to s3://my-bucket/artifacts (MLFLOW_ARTIFACTS_DESTINATION): ";

    expect(await failure({})).toEqual([
      1,
      [
        `${prefix}http://127.0.0.1:${port} cannot be reached (ECONNREFUSED); start it, or set S3_ENDPOINT_URL to its address`,
      ],
    ]);
    expect(await failure({ S3_ENDPOINT_URL: "minio:9000" })).toEqual([
      1,
      [
        `${prefix}S3_ENDPOINT_URL is "minio:9000": expected http://host:port or https://host of an S3 store`,
      ],
    ]);
  });

  it.runIf(postgresPrograms)(
    "waits for a database that comes later, and says for what",
    async () => {
      const postgres = await startPostgres();
      onTestFinished(() => postgres.discard());
      const database = await postgres.newDatabase();
      await postgres.shutDown("fast");
      const child = start({ MLFLOW_BACKEND_STORE_URI: database, STARTUP_WAIT_SECONDS: "600" });
      const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
      const { msg, secondsLeft } = JSON.parse((await lines.next()).value ?? "");
      expect(msg).toMatch(
        /^waiting: cannot use postgresql:.*: nothing listens there; start Postgres/,
      );
      expect(secondsLeft).toBeGreaterThan(500);

      await postgres.startUp();

      const url = await addressOf(child);
      expect((await fetch(`${url}/ready`)).status).toBe(200);
      await postgres.shutDown("fast");
      expect((await fetch(`${url}/ready`)).status).toBe(503);
      expect((await fetch(`${url}/health`)).status).toBe(200);
      await postgres.startUp();
      expect((await fetch(`${url}/ready`)).status).toBe(200);
    },
  );

  it("is not ready but answers after it was asked to stop, by any name", async () => {
    const child = start({
      HOST: "0.0.0.0",
      TRACKER_ANONYMOUS_ACCESS: "write",
      LAME_DUCK_SECONDS: "60",
    });
    const url = await addressOf(child);
    const statusOf = (path: string, host: string) => statusFor(url, path, host);
    const names = [
      "tracker",
      "tracker.updraft-dev.svc:5000",
      "10.0.0.7:5000",
      "tracker.example.com",
    ];
    for (const name of names) expect(await statusOf("/ready", name)).toBe(200);
    for (const name of names) expect(await statusOf("/", name)).toBe(200);

    child.kill("SIGTERM");

    await expect.poll(() => statusOf("/ready", "tracker")).toBe(503);
    expect(await statusOf("/health", "tracker")).toBe(200);
    expect(await statusOf("/", "tracker")).toBe(200);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  });

  it("says which folder cannot be written to", async () => {
    await writeFile(join(folder, "file"), "");

    expect(
      await failureOf(start({ MLFLOW_ARTIFACTS_DESTINATION: `file://${folder}/file/artifacts` })),
    ).toEqual([
      1,
      [
        `60 cannot write artifacts to file://${folder}/file/artifacts (MLFLOW_ARTIFACTS_DESTINATION): ENOTDIR: not a directory, mkdir '${folder}/file/artifacts'; name a folder that may be written to`,
      ],
    ]);
  });
});

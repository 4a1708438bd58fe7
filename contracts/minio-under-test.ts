import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { accessSync, constants, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.ts";
import { CreateBucketCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { cacheFolder } from "./cache-folder.ts";
import { connectToS3 } from "./s3/s3-connection.ts";

/** How long it may take to start, in milliseconds. */
const patienceMs = 20_000;

/** A MinIO server of a test's own, with keys of its own. */
export interface MinioUnderTest {
  readonly url: string;
  readonly pid: number;
  /** What a store or a tracker needs to reach it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Makes a bucket; its name. */
  newBucket(): Promise<string>;
  /** Keys of uploads that were begun in parts and not ended. */
  unfinishedUploads(bucket: string): Promise<string[]>;
  /** Stops it and removes what it has kept. */
  stop(): Promise<void>;
}

/**
 * The MinIO server: on PATH, or as `npm test` has set it up in the cache folder. Without one it is
 * said on stderr what is skipped.
 * @param skipped what cannot be tested without it
 */
export function minioProgram(skipped: string): string | undefined {
  const found = candidates().find(isExecutable);
  if (found === undefined) {
    process.stderr.write(
      `skipped: ${skipped}, which needs a MinIO server; npm test sets one up, with Go where no program can be fetched\n`,
    );
  }
  return found;
}

function candidates(): string[] {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "minio"));
  const parts = join(cacheFolder(process.env), "parts");
  const set = new RegExp(`^minio-.*-${process.platform}-${process.arch}$`);
  return [
    ...onPath,
    ...namesIn(parts)
      .filter((name) => set.test(name))
      .map((name) => join(parts, name, "bin", "minio")),
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a MinIO server on a free port, with an empty folder and without its console. */
export async function startMinio(program: string): Promise<MinioUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "minio-"));
  const key = {
    user: `user-${randomUUID()}`.slice(0, 20),
    password: randomBytes(15).toString("hex"),
  };
  for (let attempt = 1; ; attempt += 1) {
    const address = `127.0.0.1:${await freePort()}`;
    const server = launch(program, folder, address, key);
    const problem = await becomesReady(server, `http://${address}`);
    if (problem === undefined) return underTest(server, `http://${address}`, folder, key);
    await end(server.child);
    // Somebody else may have been quicker with the port.
    if (attempt === 3) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(`MinIO does not start: ${problem}\n${server.output()}`);
    }
  }
}

interface Key {
  readonly user: string;
  readonly password: string;
}

interface Server {
  readonly child: ChildProcess;
  output(): string;
}

function launch(program: string, folder: string, address: string, key: Key): Server {
  const child = spawn(program, ["server", "--quiet", "--address", address, join(folder, "data")], {
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      MINIO_ROOT_USER: key.user,
      MINIO_ROOT_PASSWORD: key.password,
      MINIO_BROWSER: "off",
      MINIO_UPDATE: "off",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  // A test that is ended at once leaves no server behind.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  return { child, output: () => output };
}

/** Why it does not become ready, if it does not. */
async function becomesReady({ child }: Server, url: string): Promise<string | undefined> {
  const deadline = Date.now() + patienceMs;
  let failure: string | undefined;
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code) => (failure = `it ended with exit code ${code}`));
  while (Date.now() < deadline) {
    const ready = await fetch(`${url}/minio/health/ready`).catch(() => undefined);
    if (failure !== undefined) return failure;
    if (ready?.ok) return undefined;
    await sleep(50);
  }
  return `it is not ready after ${patienceMs / 1000} s`;
}

function underTest({ child }: Server, url: string, folder: string, key: Key): MinioUnderTest {
  const variables = {
    S3_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: key.user,
    AWS_SECRET_ACCESS_KEY: key.password,
    AWS_REGION: "us-east-1",
  };
  return {
    url,
    pid: child.pid ?? 0,
    variables,
    async newBucket() {
      const bucket = `test-${randomUUID()}`;
      const { client } = connectToS3(`s3://${bucket}`, variables);
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
      return bucket;
    },
    async unfinishedUploads(bucket) {
      const { client } = connectToS3(`s3://${bucket}`, variables);
      const list = new ListMultipartUploadsCommand({ Bucket: bucket });
      const { Uploads = [] } = await client.send(list);
      client.destroy();
      return Uploads.map(({ Key = "" }) => Key);
    },
    async stop() {
      await end(child);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@updraft/contracts/free-port";
import { writeTinyPackage } from "../../server/fixtures.ts";
import { startServer } from "../mlflow/support/process.ts";

const run = promisify(execFile);
const repository = join(import.meta.dirname, "../..");

/** A server in a process of its own, whose answers can be worked out by hand. */
export interface ServedSums {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Ends it and removes its package. */
  stop(): Promise<void>;
}

/** Starts a server with the tiny package as `sums`, version 7, and waits until it is ready. */
export function serveSums(): Promise<ServedSums> {
  return serve({}, "/ready");
}

/** Starts a server whose package is in a store that is away, and waits until it lives. */
export async function serveNothing(): Promise<ServedSums> {
  const away = {
    MODEL_URI: "s3://models/sums",
    S3_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`,
    AWS_ACCESS_KEY_ID: "me",
    AWS_SECRET_ACCESS_KEY: "the-secret",
    STARTUP_WAIT_SECONDS: "600",
  };
  return serve(away, "/health");
}

async function serve(changes: Record<string, string>, healthPath: string): Promise<ServedSums> {
  const folder = await mkdtemp(join(tmpdir(), "updraft-protocols-"));
  const { uri, digest } = await writeTinyPackage(folder);
  const port = await freePort();
  const server = await startServer({
    command: process.execPath,
    args: [join(repository, "server/main.ts")],
    variables: {
      PORT: String(port),
      MODEL_NAME: "sums",
      MODEL_VERSION: "7",
      MODEL_URI: uri,
      MODEL_DIGEST: digest,
      ...changes,
    },
    port,
    healthPath,
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a script of `clients/` saw of a server: the last line that it printed, parsed. */
export async function seenBy(script: string, python: string, url: string): Promise<unknown> {
  const file = join(import.meta.dirname, "clients", `${script}.py`);
  const { stdout } = await run(python, ["-W", "ignore", file, url], { timeout: 60_000 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@updraft/contracts/free-port";
import { memoryOf } from "@updraft/tests/process-memory";

/** A server in a process of its own, without a supervisor. */
export interface OwnServer {
  readonly url: string;
  /** From the start of the process until `/ready` says so. */
  readonly startMilliseconds: number;
  /** What it keeps in memory now. */
  residentMiB(): number;
  stop(): Promise<void>;
}

/** What of a release a server has to know. */
export type ServedRelease = Readonly<Record<"model" | "version" | "uri" | "digest", string>>;

/**
 * Serves a package with one of the engines.
 * @param flags for Node
 */
export async function startOwnServer(
  { model, version, uri, digest }: ServedRelease,
  engine: "wasm" | "tfjs-node",
  flags: readonly string[] = [],
): Promise<OwnServer> {
  const port = await freePort();
  const started = performance.now();
  const entry = join(import.meta.dirname, "../../server/main.ts");
  const child = spawn(process.execPath, [...flags, entry], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      PORT: String(port),
      LOG_LEVEL: "warn",
      SERVER_ENGINE: engine,
      MODEL_NAME: model,
      MODEL_VERSION: version,
      MODEL_URI: uri,
      MODEL_DIGEST: digest,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 30_000;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`the server with ${engine} did not become ready`);
    }
    await sleep(10);
  }
  return {
    url,
    startMilliseconds: performance.now() - started,
    residentMiB: () => memoryOf(child.pid ?? 0).residentMiB,
    async stop() {
      const exited = once(child, "exit");
      child.kill();
      await exited;
    },
  };
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

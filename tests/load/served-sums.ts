import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished, vi } from "vitest";
import { writeTinyPackage } from "../../server/fixtures.ts";

const main = join(import.meta.dirname, "../../server/main.ts");

/** The server as users run it, in a process of its own. */
export interface ServedSums {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Whether it still runs. */
  readonly alive: boolean;
  /** What it has logged as an error of its own, or written without being asked. */
  readonly errors: readonly string[];
}

/** Serves the tiny package as `sums`, version 7, until the test ends. */
export async function servedSums(): Promise<ServedSums> {
  const folder = await mkdtemp(join(tmpdir(), "server-load-"));
  const { uri, digest } = await writeTinyPackage(folder);
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      MODEL_NAME: "sums",
      MODEL_VERSION: "7",
      MODEL_URI: uri,
      MODEL_DIGEST: digest,
    },
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  onTestFinished(async () => {
    const ended = once(child, "exit");
    if (alive() && child.kill("SIGKILL")) await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const [lines, errors]: [string[], string[]] = [[], []];
  createInterface(child.stdout).on("line", (line) => {
    (/^\{"level":[1-4]0,/.test(line) ? lines : errors).push(line);
  });
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  const port = await vi.waitFor(
    () => {
      const log = [...lines, ...errors].join("\n");
      const listening = /"port":(\d+)/.exec(log)?.[1];
      if (!listening || !log.includes('"msg":"ready"')) throw new Error(`it has said: ${log}`);
      return Number(listening);
    },
    { timeout: 20_000 },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    errors,
    get alive() {
      return alive();
    },
  };
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "@updraft/contracts/cache-folder";

const peers = join(import.meta.dirname, "../peers");
const run = promisify(execFile);

/** A peer that answers on its port. */
export interface Peer {
  stop(): Promise<void>;
}

/**
 * Starts a server of `peers/` in a virtual environment with the pinned packages, made once in the
 * cache folder.
 * @returns nothing, after saying why, where there is no Python or its packages cannot be had
 */
export async function startPeer(script: string, port: number): Promise<Peer | undefined> {
  const python = await virtualEnvironment().catch((error: unknown) => {
    console.log(`no peer: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    return undefined;
  });
  if (!python) return undefined;
  const child = spawn(python, [join(peers, script), String(port)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  await answering(port, child);
  return {
    async stop() {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await exited;
    },
  };
}

async function virtualEnvironment(): Promise<string> {
  const requirements = join(peers, "requirements.txt");
  const key = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(process.env), "venvs", `bench-${key}`);
  const done = join(folder, "complete");
  if (!existsSync(done)) {
    console.log("installing the peer's packages …");
    await rm(folder, { recursive: true, force: true });
    // A virtual environment cannot be moved, so it is marked when it is whole.
    await run("python3", ["-m", "venv", folder], { timeout: 120_000 });
    await run(join(folder, "bin/pip"), ["install", "--quiet", "-r", requirements], {
      timeout: 600_000,
    });
    const mark = `${done}.${randomUUID()}`;
    await mkdir(mark);
    await rename(mark, done);
  }
  return join(folder, "bin/python");
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const there = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (there) return;
    await sleep(100);
  }
  throw new Error("the peer did not start");
}

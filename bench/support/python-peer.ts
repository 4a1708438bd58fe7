import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { peersFolder, virtualEnvironment } from "./virtual-environment.ts";

/** A peer that answers on its port. */
export interface Peer {
  stop(): Promise<void>;
}

/**
 * Starts a server of `peers/` in a virtual environment with pinned packages.
 * @param requirements file in `peers/` that lists the packages
 * @returns nothing, after saying why, where there is no Python or its packages cannot be had
 */
export async function startPeer(
  script: string,
  port: number,
  requirements: string,
): Promise<Peer | undefined> {
  const programs = await virtualEnvironment(requirements);
  if (!programs) return undefined;
  const child = spawn(join(programs, "python"), [join(peersFolder, script), String(port)], {
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

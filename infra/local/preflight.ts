import { mkdtemp, rmdir, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { LocalConfig } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { stackFolder } from "./environment.ts";
import { loopback } from "./loopback.ts";
import { serviceStatus } from "./provider/supervisor-client.ts";
import { trackerProblem } from "../tracker-preflight.ts";

/**
 * Looks for what would stop the update halfway, before anything is started: ports that others
 * use, a folder that cannot be written, a tracker that cannot be used.
 * @throws {ConfigError} with every problem at once
 */
export async function preflight(stack: string, config: LocalConfig): Promise<void> {
  // Where the program is only recorded, nothing is started.
  if (process.env["UPDRAFT_RENDER"] === "true") return;
  const folder = stackFolder({ stack, path: config.store.path });
  const problems = await Promise.all([
    folderProblem(folder),
    config.tracker.uri === undefined
      ? portProblem({ folder, name: "tracker", port: config.tracker.port })
      : trackerProblem(config),
    portProblem({ folder, name: "inference", port: config.inference.port }),
  ]);
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) throw new ConfigError(found);
}

interface PortUse {
  readonly folder: string;
  /** Service, and the chapter of the configuration with its port. */
  readonly name: string;
  readonly port: number;
}

async function portProblem(use: PortUse): Promise<string | undefined> {
  const error = await listenError(use.port);
  if (!error || (await serviceStatus(use))) return undefined;
  const reason =
    error.code === "EADDRINUSE"
      ? "is used by another process"
      : `cannot be used (${error.message})`;
  return `updraft:${use.name}.port: port ${use.port} on ${loopback} ${reason}; stop that process or set another port`;
}

function listenError(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, loopback, () => server.close(() => resolve(undefined)));
  });
}

async function folderProblem(folder: string): Promise<string | undefined> {
  const existing = await nearestExisting(folder);
  try {
    // Only writing tells: permissions do not know of read-only or full disks.
    await rmdir(await mkdtemp(join(existing, ".updraft-probe-")));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `updraft:store.path: ${folder} cannot be written (${reason}); name a folder that can`;
  }
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestExisting(path: string): Promise<string> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  return there || path === dirname(path) ? path : nearestExisting(dirname(path));
}

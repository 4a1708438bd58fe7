import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, ownerOf, readOwner } from "../../../../toolchain/lock.js";
import { paths } from "../paths.ts";
import { ClusterError } from "../report.ts";

/** A process of the cluster that runs on when this one ends. */
export interface Daemon {
  /** Names its log and the file with its id. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Where a supervisor keeps its files. */
export interface SupervisorFolders {
  /** A file for each process, with its id and when it started: an id alone may be another's by now. */
  readonly processes: string;
  readonly logs: string;
}

type Owner = ReturnType<typeof ownerOf>;

/**
 * Every process has this in its environment, and so has what it starts: that is how the ones are
 * found that no file tells of, because whoever started them was killed in between.
 */
const markName = "UPDRAFT_TEST_CLUSTER";
const endMilliseconds = 10_000;

/** Starts processes that outlive this one, and stops them, whoever has started them. */
export class Supervisor {
  readonly #folders: SupervisorFolders;
  readonly #mark: string;

  constructor(folders: SupervisorFolders) {
    this.#folders = folders;
    this.#mark = `${markName}=${folders.processes}`;
  }

  /** Starts a process unless it runs. The log of its last run is kept beside the new one. */
  async start({ name, command, args }: Daemon): Promise<void> {
    if (await this.isRunning(name)) return;
    await mkdir(this.#folders.processes, { recursive: true });
    await mkdir(this.#folders.logs, { recursive: true });
    const log = this.logOf(name);
    if (existsSync(log)) await rename(log, `${log}.1`);
    const output = await open(log, "a");
    try {
      const child = spawn(command, args, {
        detached: true,
        stdio: ["ignore", output.fd, output.fd],
        env: { ...process.env, [markName]: this.#folders.processes },
      });
      const failed = new Promise<never>((_, reject) => child.once("error", reject));
      failed.catch(() => {});
      if (child.pid === undefined) await failed;
      else await writeFile(this.#fileOf(name), JSON.stringify(ownerOf(child.pid)));
      child.unref();
    } finally {
      await output.close();
    }
  }

  /** Whether the process that was started under this name runs still. */
  async isRunning(name: string): Promise<boolean> {
    const owner = await readOwner(this.#fileOf(name));
    return owner !== undefined && isAlive(owner);
  }

  /** @throws {ClusterError} with the end of its log, if the process has ended */
  async checkRunning(name: string): Promise<void> {
    if (await this.isRunning(name)) return;
    throw new ClusterError(`${name} has ended.\n${await this.lastLines(name)}`);
  }

  /** Everything that was started and not stopped. */
  async list(): Promise<{ name: string; pid: number; alive: boolean }[]> {
    const { processes } = this.#folders;
    const names = existsSync(processes) ? await readdir(processes) : [];
    const found = names.toSorted().map(async (name) => {
      const owner = await readOwner(this.#fileOf(name));
      return { name, pid: owner?.pid ?? 0, alive: owner !== undefined && isAlive(owner) };
    });
    return Promise.all(found);
  }

  /** Stops processes and waits until they have ended; one that takes too long is killed. */
  async stop(names: readonly string[], signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const owners = await Promise.all(names.map((name) => readOwner(this.#fileOf(name))));
    const known = owners.filter((owner) => owner !== undefined);
    await endAll(known, signal);
    await Promise.all(names.map((name) => rm(this.#fileOf(name), { force: true })));
  }

  /** Kills what was not stopped by name: containers' keepers, orphans. @returns how many */
  async killStragglers(): Promise<number> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
    const ours = pids.filter((pid) => pid !== process.pid && this.#isMarked(pid));
    await endAll(ours.map(ownerOf), "SIGKILL");
    return ours.length;
  }

  /** Where the output of a process goes. */
  logOf(name: string): string {
    return join(this.#folders.logs, `${name}.log`);
  }

  /** The end of a log, for an error. */
  async lastLines(name: string, count = 12): Promise<string> {
    const text = await readFile(this.logOf(name), "utf8").catch(() => "");
    const lines = text.trimEnd().split("\n").slice(-count);
    return [`The end of ${this.logOf(name)}:`, ...lines.map((line) => `  ${line}`)].join("\n");
  }

  #fileOf(name: string): string {
    return join(this.#folders.processes, name);
  }

  #isMarked(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(this.#mark);
    } catch {
      return false;
    }
  }
}

/** The processes of the test cluster. */
export const supervisor = new Supervisor(paths);

async function endAll(owners: readonly Owner[], signal: NodeJS.Signals): Promise<void> {
  for (const owner of owners) send(owner, signal);
  const deadline = performance.now() + endMilliseconds;
  while (owners.some(isAlive) && performance.now() < deadline) await sleep(50);
  for (const owner of owners) send(owner, "SIGKILL");
  while (owners.some(isAlive) && performance.now() < deadline + endMilliseconds) await sleep(50);
}

function send(owner: Owner, signal: NodeJS.Signals): void {
  try {
    if (isAlive(owner)) process.kill(owner.pid, signal);
  } catch {
    // It ended between the two.
  }
}

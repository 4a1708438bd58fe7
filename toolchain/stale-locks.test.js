import { existsSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CommandError } from "./errors.js";
import { refuseWhileLocked, removeStaleLocks } from "./stale-locks.js";

async function endedPid() {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

const now = () => new Date().toISOString();

describe("the locks of a file backend", () => {
  /** @type {string} */
  let backend;

  beforeEach(async () => {
    backend = await mkdtemp(join(tmpdir(), "updraft-backend-"));
  });

  afterEach(() => rm(backend, { recursive: true }));

  /** @param {object} content as Pulumi writes it */
  async function lock(content) {
    const folder = join(backend, ".pulumi", "locks", "organization", "updraft", "dev");
    await mkdir(folder, { recursive: true });
    const file = join(folder, "3f1c.json");
    const all = { pid: 1, username: "ada", hostname: hostname(), timestamp: now(), ...content };
    await writeFile(file, JSON.stringify(all));
    return file;
  }

  it("are taken off if their process has ended, with a word about it", async () => {
    const pid = await endedPid();
    const file = await lock({ pid, timestamp: "2026-11-29T14:03:12.123456789Z" });
    /** @type {string[]} */
    const told = [];
    removeStaleLocks(backend, (line) => told.push(line));
    expect(existsSync(file)).toBe(false);
    expect(told).toEqual([
      `Took the lock of process ${pid} off the stack dev: it was killed at its work (begun at 2026-11-29T14:03:12Z).`,
    ]);
  });

  it.runIf(process.platform === "linux")(
    "are taken off if another process has the id by now",
    async () => {
      const file = await lock({ pid: process.pid, timestamp: "2020-01-01T00:00:00Z" });
      removeStaleLocks(backend, () => {});
      expect(existsSync(file)).toBe(false);
    },
  );

  it("stay while their process runs, and are named", async () => {
    const file = await lock({ pid: process.pid, timestamp: "2999-01-01T00:00:00Z" });
    removeStaleLocks(backend, () => {});
    expect(existsSync(file)).toBe(true);
    expect(() => refuseWhileLocked(backend, "dev")).toThrow(
      new CommandError(
        `The stack dev is being worked on by process ${process.pid} of ada, since 2999-01-01T00:00:00Z. Wait until it has ended, or end it (kill -INT ${process.pid}), and run this again.`,
      ),
    );
    expect(() => refuseWhileLocked(backend, "prod")).not.toThrow();
  });

  it("stay if they are another machine's", async () => {
    const file = await lock({ pid: await endedPid(), hostname: "elsewhere" });
    removeStaleLocks(backend, () => {});
    expect(existsSync(file)).toBe(true);
    expect(() => refuseWhileLocked(backend, "dev")).toThrow(
      /process \d+ of ada on elsewhere, .* If that machine is gone: npm run pulumi -- cancel --yes --stack dev$/,
    );
  });

  it("are none in a backend that is not there", () => {
    removeStaleLocks(join(backend, "missing"));
    expect(() => refuseWhileLocked(join(backend, "missing"), "dev")).not.toThrow();
  });
});

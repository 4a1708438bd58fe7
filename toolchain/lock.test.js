import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAlive, withLock } from "./lock.js";

/** @type {string} */
let folder;
/** @type {string} */
let file;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "updraft-lock-"));
  file = join(folder, "part.lock");
});

afterEach(() => rm(folder, { recursive: true }));

/** The id of a process that has ended. */
async function deadPid() {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("withLock", () => {
  it("lets one at a time act", async () => {
    let inside = 0;
    let most = 0;
    const act = () =>
      withLock(file, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all([act(), act(), act(), act()]);
    expect(most).toBe(1);
  });

  it("leaves no file behind, also after a failure", async () => {
    await expect(
      withLock(file, async () => {
        throw new Error("full disk");
      }),
    ).rejects.toThrow("full disk");
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes a dead process's lock over, once among many that want it", async () => {
    const owner = { token: "t", host: hostname(), pid: await deadPid(), startTime: "1" };
    await writeFile(file, JSON.stringify(owner));
    let inside = 0;
    let most = 0;
    const act = () =>
      withLock(file, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 8 }, act));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over a lock that lost its content", async () => {
    await writeFile(file, "");
    expect(await withLock(file, async () => "done")).toBe("done");
  });

  it("says once whom it waits for", async () => {
    /** @type {number[]} */
    const waitedFor = [];
    const gate = new EventEmitter();
    const first = withLock(file, () => once(gate, "open"));
    await expect.poll(() => readdir(folder)).toEqual(["part.lock"]);
    const second = withLock(
      file,
      async () => "second",
      (owner) => {
        waitedFor.push(owner.pid);
        setTimeout(() => gate.emit("open"), 500);
      },
    );
    expect(await second).toBe("second");
    await first;
    expect(waitedFor).toEqual([process.pid]);
  });
});

describe("isAlive", () => {
  it("knows this process", () => {
    expect(isAlive({ token: "t", host: hostname(), pid: process.pid })).toBe(
      process.platform !== "linux",
    );
  });

  it("tells a process from a later one with the same id", () => {
    const owner = { token: "t", host: hostname(), pid: process.pid, startTime: "1" };
    expect(isAlive(owner)).toBe(false);
  });

  it("sees that a process has ended", async () => {
    expect(isAlive({ token: "t", host: hostname(), pid: await deadPid() })).toBe(false);
  });

  it("believes in processes of other machines", () => {
    expect(isAlive({ token: "t", host: "another", pid: 1 })).toBe(true);
  });
});

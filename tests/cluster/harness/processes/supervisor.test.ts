import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Supervisor } from "./supervisor.ts";

describe("Supervisor", () => {
  let folder: string;
  let supervisor: Supervisor;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "supervisor-"));
    supervisor = new Supervisor({
      processes: join(folder, "processes"),
      logs: join(folder, "logs"),
    });
  });

  afterEach(async () => {
    const names = (await supervisor.list()).map(({ name }) => name);
    await supervisor.stop(names, "SIGKILL");
    await supervisor.killStragglers();
    await rm(folder, { recursive: true });
  });

  const shell = (name: string, script: string) =>
    supervisor.start({ name, command: "sh", args: ["-c", script] });

  const pidOf = async (name: string) =>
    (await supervisor.list()).find((process) => process.name === name)?.pid ?? 0;

  it("starts a process once, and stops it", async () => {
    await shell("one", "exec sleep 600");
    const pid = await pidOf("one");
    await shell("one", "exec sleep 600");
    expect(await supervisor.list()).toEqual([{ name: "one", pid, alive: true }]);
    await supervisor.stop(["one"]);
    expect(await supervisor.list()).toEqual([]);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("never takes another process for its own, though the id is the same", async () => {
    await shell("one", "exec sleep 600");
    const pid = await pidOf("one");
    const file = join(folder, "processes", "one");
    const text = await readFile(file, "utf8");
    await writeFile(file, JSON.stringify({ ...JSON.parse(text), startTime: "1" }));
    expect(await supervisor.isRunning("one")).toBe(false);
    await supervisor.stop(["one"]);
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(await supervisor.killStragglers()).toBe(1);
  });

  it("tells of a process that has ended what it said last, and keeps the log before it", async () => {
    await shell("one", "echo first");
    await expect.poll(() => supervisor.isRunning("one")).toBe(false);
    await shell("one", "echo second; exit 3");
    await expect.poll(() => supervisor.isRunning("one")).toBe(false);
    const log = supervisor.logOf("one");
    await expect(supervisor.checkRunning("one")).rejects.toThrow(
      `one has ended.\nThe end of ${log}:\n  second`,
    );
    expect(await readFile(`${log}.1`, "utf8")).toBe("first\n");
  });

  it("finds what its processes started and left behind", async () => {
    await shell("one", "sleep 600 & echo $!; exec sleep 600");
    await expect.poll(() => readFile(supervisor.logOf("one"), "utf8")).toMatch(/^\d+\n$/);
    const child = Number(await readFile(supervisor.logOf("one"), "utf8"));
    await supervisor.stop(["one"]);
    expect(() => process.kill(child, 0)).not.toThrow();
    expect(await supervisor.killStragglers()).toBe(1);
    await expect.poll(() => isGone(child)).toBe(true);
  });

  it("says what cannot be started", async () => {
    const start = supervisor.start({ name: "one", command: "/no/such/program", args: [] });
    await expect(start).rejects.toThrow("ENOENT");
  });
});

/** A process that nobody has buried yet is gone too. */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat === "" || stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
}

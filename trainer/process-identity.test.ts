import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { hasEnded, isAlive, isInSight, thisProcess } from "./process-identity.ts";

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("hasEnded", () => {
  it("tells a living process from one that has ended", async () => {
    const self = thisProcess();
    expect(hasEnded(self)).toBe(false);
    expect(hasEnded({ ...self, pid: await endedProcess() })).toBe(true);
  });

  it("is not fooled by a later process with the same id", () => {
    expect(hasEnded({ ...thisProcess(), startedAt: "1" })).toBe(true);
    expect(hasEnded({ ...thisProcess(), startedAt: "" })).toBe(false);
  });

  it("takes the processes of other hosts to be alive", async () => {
    const elsewhere = { ...thisProcess(), host: "elsewhere", startedAt: "" };
    expect(hasEnded({ ...elsewhere, pid: await endedProcess() })).toBe(false);
  });

  it("takes the first process of another container to be alive", () => {
    const other = { ...thisProcess(), pid: 1, startedAt: "1", pidNamespace: "pid:[1]" };
    expect(hasEnded(other)).toBe(false);
    expect(hasEnded({ ...other, pidNamespace: thisProcess().pidNamespace })).toBe(true);
  });
});

describe("isInSight", () => {
  it("is what has its process id in the same place", () => {
    const self = thisProcess();
    expect(isInSight(self)).toBe(true);
    expect(isInSight({ ...self, pidNamespace: "" })).toBe(true);
    expect(isInSight({ ...self, pidNamespace: "pid:[1]" })).toBe(false);
    expect(isInSight({ ...self, host: "elsewhere" })).toBe(false);
  });
});

describe("isAlive", () => {
  it("sees processes, whoever they belong to", async () => {
    expect(isAlive(1)).toBe(true);
    expect(isAlive(await endedProcess())).toBe(false);
  });
});

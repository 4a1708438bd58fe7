import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { holderInWords, isLeftOver, lockErrorIn, locksIn, needsLooking } from "./stack-lock.ts";

const since = new Date("2026-11-29T14:00:00Z");
const own = (pid: number) => ({ ...lock, host: hostname(), pid });
const lock = { holder: "ada@laptop", host: "laptop", pid: 4711, since };

describe("locksIn", () => {
  const line =
    "  file:///b/.pulumi/locks/organization/updraft/pr-1/a.json: created by ada@laptop (pid 4711) at 2026-11-29T14:00:00Z";
  const said = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.\n${line}`;

  it("finds who holds a stack, once", () => {
    expect(locksIn(new Error(`${said}\n${said}`))).toEqual([lock]);
  });

  it("finds nobody where a service keeps the lock", () => {
    const conflict = "[409] Conflict: Another update is currently in progress.";
    expect(locksIn(new Error(conflict))).toEqual([]);
  });
});

it("is found in whatever it has caused", () => {
  const locked = new Error("error: the stack is currently locked by 1 lock(s)");
  expect(lockErrorIn(new Error("the update has failed", { cause: locked }))).toBe(locked);
  expect(lockErrorIn(new Error("the update has failed"))).toBeUndefined();
});

describe("a lock", () => {
  const now = new Date("2026-11-29T14:30:00Z");

  it("is left over once its process has ended", async () => {
    const child = spawn(process.execPath, ["--eval", ""]);
    await once(child, "exit");
    expect(isLeftOver(own(child.pid ?? 0))).toBe(true);
    expect(needsLooking(own(child.pid ?? 0), now)).toBe(true);
  });

  it("is in use while its process runs", () => {
    expect(isLeftOver(own(process.pid))).toBe(false);
    expect(needsLooking(own(process.pid), now)).toBe(false);
  });

  it("is believed of another machine, for as long as an update may take", () => {
    expect(isLeftOver(lock)).toBe(false);
    expect(needsLooking(lock, now)).toBe(false);
    expect(needsLooking(lock, new Date("2026-11-29T16:00:01Z"))).toBe(true);
  });

  it("tells whose it is, as far as that is known", () => {
    expect(holderInWords([lock])).toBe(
      "an update of ada@laptop (process 4711, since 2026-11-29T14:00:00Z)",
    );
    expect(holderInWords([])).toBe("another update");
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, it, vi } from "vitest";
import { unlessHeld } from "./unless-held.ts";

const anHourAgo = () => new Date(Date.now() - 3_600_000);

/** What Pulumi says of a stack that is held. */
function held(pid: number, since: Date, host = hostname()): Error {
  return new Error(
    `error: the stack is currently locked by 1 lock(s)\n  file:///b/a.json: created by ada@${host} (pid ${pid}) at ${since.toISOString()}`,
  );
}

async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--eval", ""]);
  await once(child, "exit");
  return child.pid ?? 0;
}

const pause = () => Promise.resolve();

describe("a stack that is held", () => {
  it("is tried again when whoever held it has come to its end meanwhile", async () => {
    const action = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(held(await endedProcess(), anHourAgo()))
      .mockResolvedValueOnce("gone");
    expect(await unlessHeld(action, { pause })).toBe("gone");
  });

  it("is tried again while the lock is new", async () => {
    const action = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(held(process.pid, new Date()))
      .mockRejectedValueOnce(held(process.pid, new Date(), "another-machine"))
      .mockResolvedValueOnce("gone");
    expect(await unlessHeld(action, { pause })).toBe("gone");
  });

  it("is left alone where the lock stays", async () => {
    const error = held(await endedProcess(), anHourAgo());
    const action = vi.fn<() => Promise<string>>().mockRejectedValue(error);
    await expect(unlessHeld(action, { pause })).rejects.toBe(error);
    expect(action).toHaveBeenCalledTimes(3);
  });

  it("is left alone at once where an update has been at it for long, and for other errors", async () => {
    for (const error of [held(process.pid, anHourAgo()), new Error("no such folder")]) {
      const action = vi.fn<() => Promise<string>>().mockRejectedValue(error);
      await expect(unlessHeld(action, { pause })).rejects.toBe(error);
      expect(action).toHaveBeenCalledTimes(1);
    }
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import {
  CommandError as PulumiError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it, vi } from "vitest";
import { despiteOthers, hasStumbled, isBrieflyHeld, isNotFound } from "./despite-others.ts";

const anHourAgo = () => new Date(Date.now() - 3_600_000);
const pause = () => Promise.resolve();

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

const stumbled = () => new PulumiError("error: failed to load checkpoint: EOF");
const notFound = () => new StackNotFoundError("error: no stack named 'pr-1' found");

describe("what somebody else may have spoilt", () => {
  it("is tried again until it goes well", async () => {
    const action = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(stumbled())
      .mockRejectedValueOnce(stumbled())
      .mockResolvedValueOnce("gone");
    expect(await despiteOthers(action, hasStumbled, { pause })).toBe("gone");
  });

  it("has failed once it has failed often enough, with the last reason", async () => {
    const last = stumbled();
    const action = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(stumbled())
      .mockRejectedValueOnce(stumbled())
      .mockRejectedValue(last);
    await expect(despiteOthers(action, hasStumbled, { attempts: 3, pause })).rejects.toBe(last);
    expect(action).toHaveBeenCalledTimes(3);
  });

  it("is not tried again where that cannot help", async () => {
    const error = new Error("no such folder");
    const action = vi.fn<() => Promise<string>>().mockRejectedValue(error);
    await expect(despiteOthers(action, hasStumbled, { pause })).rejects.toBe(error);
    expect(action).toHaveBeenCalledTimes(1);
  });
});

describe("Pulumi", () => {
  it("has stumbled over what was neither a lock nor a stack that is gone", () => {
    expect(hasStumbled(new Error("it could not be destroyed", { cause: stumbled() }))).toBe(true);
    expect(hasStumbled(held(process.pid, new Date()))).toBe(false);
    expect(hasStumbled(new Error("no stack", { cause: notFound() }))).toBe(false);
    expect(hasStumbled(new Error("no such folder"))).toBe(false);
  });

  it("has not found a stack, whatever came of it", () => {
    expect(isNotFound(new Error("no stack", { cause: notFound() }))).toBe(true);
    expect(isNotFound(stumbled())).toBe(false);
  });
});

describe("a lock", () => {
  it("goes by itself where it is new, or its holder has come to its end meanwhile", async () => {
    expect(isBrieflyHeld(held(process.pid, new Date()))).toBe(true);
    expect(isBrieflyHeld(held(4711, new Date(), "another-machine"))).toBe(true);
    expect(isBrieflyHeld(held(await endedProcess(), anHourAgo()))).toBe(true);
  });

  it("stays where an update has been at it for long", () => {
    expect(isBrieflyHeld(held(process.pid, anHourAgo()))).toBe(false);
    expect(isBrieflyHeld(held(4711, anHourAgo(), "another-machine"))).toBe(false);
    expect(isBrieflyHeld(stumbled())).toBe(false);
  });
});

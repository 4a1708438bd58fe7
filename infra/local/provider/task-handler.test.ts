import { access, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { OperationContext } from "./resource-handler.ts";
import { reasonToRun, taskHandler } from "./task-handler.ts";

describe("reasonToRun", () => {
  const triggers = { hyperparameters: { epochs: 12 }, seed: 1 };

  it("finds none when nothing changed and the task does not always run", () => {
    expect(reasonToRun({ triggers }, { triggers, always: false })).toBeUndefined();
  });

  it("names the changed hyperparameter", () => {
    const changed = { ...triggers, hyperparameters: { epochs: 3 } };
    expect(reasonToRun({ triggers }, { triggers: changed, always: true })).toBe(
      "hyperparameters.epochs 12 → 3",
    );
  });

  it("says that every update runs it", () => {
    expect(reasonToRun({ triggers }, { triggers, always: true })).toBe(
      "every update does (updraft:model.retrain)",
    );
  });
});

describe("taskHandler", () => {
  let folder: string;
  let shown: string[];
  let cancellation: AbortController;
  let context: OperationContext;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-task-"));
    shown = [];
    cancellation = new AbortController();
    context = {
      urn: "urn:pulumi:dev::updraft::updraft:local:Task::training-run",
      signal: cancellation.signal,
      info: (message) => shown.push(`info: ${message}`),
      status: (message) => shown.push(message),
    };
  });

  const run = (behaviour: string) => {
    const outcomeFile = join(folder, "run/outcome.json");
    return taskHandler.create(
      {
        entry: join(import.meta.dirname, "fixtures/task.ts"),
        args: [],
        cwd: folder,
        env: {
          BEHAVIOUR: behaviour,
          OUTCOME_FILE: outcomeFile,
          PID_FILE: join(folder, "pid"),
        },
        logFile: join(folder, "logs/task.log"),
        outcomeFile,
        always: true,
        triggers: {},
      },
      context,
    );
  };

  it("keeps the release, shows each line of the output and writes the log", async () => {
    const { outs } = await run("released");
    expect(outs["release"]).toMatchObject({ model: "digits", version: "3" });
    expect(shown.slice(0, 2)).toEqual(["epoch 1/2", "epoch 2/2"]);
    expect(shown[2]).toMatch(/^info: released digits version 3 after \d+(\.\d)? s, log in /);
    const log = await readFile(join(folder, "logs/task.log"), "utf8");
    expect(log.split("\n").toSorted()).toEqual(["", "a line of the log", "epoch 1/2", "epoch 2/2"]);
  });

  it("leaves no outcome file behind", async () => {
    await run("released");
    await expect(access(join(folder, "run/outcome.json"))).rejects.toThrow("ENOENT");
  });

  it("fails with the message of a failed outcome", async () => {
    await expect(run("gate failed")).rejects.toThrow(
      "the gate failed:\nminAccuracy  0.98  0.99  failed\nThe whole log is in",
    );
  });

  it("quotes the log of a task that leaves no outcome", async () => {
    await expect(run("silent")).rejects.toThrow(
      /fixtures\/task\.ts ended with code 1 and left no outcome\. Its log, .*, ends with:\n.*a line of the log/s,
    );
  });

  it("names the signal that killed a task", async () => {
    await expect(run("killed")).rejects.toThrow("was killed by SIGKILL and left no outcome");
  });

  it("stops the process when the update is cancelled", async () => {
    const running = run("waits");
    const pid = await vi.waitFor(async () => Number(await readFile(join(folder, "pid"), "utf8")), {
      timeout: 10_000,
    });
    cancellation.abort();
    await expect(running).rejects.toThrow("cancelled; what served before serves on");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("starts nothing once the update is cancelled", async () => {
    cancellation.abort(new Error("the update was cancelled"));
    await expect(run("released")).rejects.toThrow("the update was cancelled");
  });
});

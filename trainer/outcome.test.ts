import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Outcome } from "@updraft/contracts/release";
import { DataError } from "@updraft/models/dataset";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import {
  CancelledError,
  failedOutcome,
  GateFailedError,
  RunFailedError,
  writeOutcome,
} from "./outcome.ts";
import { SettingsError } from "./settings/settings.ts";

const gate = {
  verdict: "failed" as const,
  rules: [
    { rule: "minF1", value: 0.9, limit: 0.8, verdict: "passed" as const, reason: "F1 is fine" },
    {
      rule: "minAccuracy",
      value: 0.9,
      limit: 0.95,
      verdict: "failed" as const,
      reason: "accuracy is 0.9; the rule is at least 0.95",
    },
  ],
};

describe("failedOutcome", () => {
  it("has the exit code of each kind of failure", () => {
    const codes = [
      new SettingsError(["--epochs 0: too small"]),
      new DataError("file", 3, "wrong"),
      new GateFailedError(gate),
      new CancelledError("SIGTERM"),
      new Error("disk full"),
      "a thrown text",
    ].map((error) => failedOutcome(error).failure.exitCode);
    expect(codes).toEqual([2, 3, 4, 1, 1, 1]);
  });

  it("names the run and looks through it at the reason", () => {
    const outcome = failedOutcome(new RunFailedError("r1", new GateFailedError(gate)));
    expect(Outcome.parse(outcome)).toEqual({
      status: "failed",
      failure: {
        exitCode: 4,
        message: [
          "the gate failed: accuracy is 0.9; the rule is at least 0.95",
          "rule         value  limit  verdict",
          "minF1        0.9    0.8    passed",
          "minAccuracy  0.9    0.95   failed",
        ].join("\n"),
        runId: "r1",
        gate,
      },
    });
  });

  it("has a message even for an error without one", () => {
    expect(failedOutcome(new Error("")).failure.message).toBe("unknown error");
  });
});

describe("writeOutcome", () => {
  it("writes the file whole, into a folder that it makes", async () => {
    const folder = join(await temporaryFolder(), "new", "folder");
    const outcome = failedOutcome(new Error("x"));
    await writeOutcome(join(folder, "outcome.json"), outcome);
    expect(JSON.parse(await readFile(join(folder, "outcome.json"), "utf8"))).toEqual(outcome);
    expect(await readdir(folder)).toEqual(["outcome.json"]);
  });
});

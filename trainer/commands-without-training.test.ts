import { rm } from "node:fs/promises";
import { join } from "node:path";
import { qualityLimits } from "@updraft/models/quality";
import { describe, expect, it } from "vitest";
import { writeDigitFolder } from "./fixtures/digit-folder.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { tensorflowCounter } from "./fixtures/tensorflow-counter.ts";
import { runTrainer } from "./fixtures/trainer-process.ts";
import { small, withoutTracker } from "./fixtures/without-tracker.ts";

describe("plan", () => {
  it("prints what would be trained, the same for the same data and code", async () => {
    const { folder, variables, data } = await withoutTracker();
    const first = await runTrainer(["plan"], { folder, variables });
    expect(first.code).toBe(0);
    const plan: Record<string, unknown> = JSON.parse(first.stdout);
    expect(plan).toEqual({
      model: "digits",
      dataset: data,
      hyperparameters: expect.objectContaining(small),
      seed: 1,
      gate: { minAccuracy: 0.3, maxRegression: 0.1 },
      quality: qualityLimits(),
      datasetFingerprint: expect.stringMatching(/^sha256:/),
      codeDigest: expect.stringMatching(/^sha256:/),
    });
    expect((await runTrainer(["plan"], { folder, variables })).stdout).toBe(first.stdout);

    await writeDigitFolder(join(folder, "data"), [590, 100]);
    const changed = await runTrainer(["plan"], { folder, variables });
    expect(JSON.parse(changed.stdout)).toEqual({
      ...plan,
      datasetFingerprint: expect.not.stringMatching(String(plan["datasetFingerprint"])),
    });
  });

  it("lists the trials of a sweep, and is otherwise the same", async () => {
    const { folder, variables } = await withoutTracker();
    const sweep = { strategy: "grid", parameters: { units: [8, 16] } };
    const without = await runTrainer(["plan"], { folder, variables });
    const swept = { ...variables, TRAINER_SWEEP: JSON.stringify(sweep) };
    const result = await runTrainer(["plan"], { folder, variables: swept });
    expect(JSON.parse(result.stdout)).toEqual({
      ...JSON.parse(without.stdout),
      trials: [{ units: 8 }, { units: 16 }],
    });
  });

  it("does not load tfjs", async () => {
    const { folder, variables } = await withoutTracker();
    const options = { folder, variables: { ...variables, NODE_OPTIONS: tensorflowCounter } };
    expect(await runTrainer(["plan"], options)).toMatchObject({ code: 0, stderr: "0" });
    const trained = await runTrainer(["train", "--epochs", "1"], options);
    expect(Number(trained.stderr.split("\n").at(-1))).toBeGreaterThan(0);
  });

  it("gives every problem a line and ends with 2", async () => {
    const { folder } = await withoutTracker();
    const result = await runTrainer(["plan", "--epochs", "x", "--units", "0"], { folder });
    expect(result.code).toBe(2);
    expect(result.stdout).toBe("");
    expect(result.stderr.trim().split("\n")).toHaveLength(2);
  });

  it("names a missing file of the dataset", async () => {
    const { folder, variables, data } = await withoutTracker();
    await rm(new URL(data).pathname, { recursive: true });
    const result = await runTrainer(["plan"], { folder, variables });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain("train-images-idx3-ubyte: the file is missing");
  });
});

describe("help", () => {
  it("is printed for no command, for --help and for one command, and an unknown command lists the known ones", async () => {
    const folder = await temporaryFolder();
    const help = await runTrainer(["--help"], { folder });
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("npm run trainer -- <command> [flags]");
    expect((await runTrainer([], { folder })).stdout).toBe(help.stdout);
    const ofTrain = await runTrainer(["train", "--help"], { folder });
    expect(ofTrain.stdout).toContain("--epochs <number>  TRAINER_EPOCHS");
    expect((await runTrainer(["help", "train"], { folder })).stdout).toBe(ofTrain.stdout);
    expect(await runTrainer(["fly"], { folder })).toMatchObject({
      code: 2,
      stderr:
        "fly: there is no such command; there are train, evaluate, promote, rollback, import, sweep, trial, dataset, plan\n",
    });
  });
});

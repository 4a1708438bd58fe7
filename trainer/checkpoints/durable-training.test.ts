import { pathToFileURL } from "node:url";
import { ArtifactStoreError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { digestOf } from "@updraft/contracts/digest";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { someCheckpoint } from "../fixtures/some-checkpoint.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { TrainingDivergedError } from "../training/fit.ts";
import { DurableTraining, type FitCheckpoints } from "./durable-training.ts";

const key = digestOf("a training");
const { datasetDigest } = someCheckpoint(key, 1);
const stateAfter = (epochs: number) => someCheckpoint(key, epochs).state;

async function setUp(changes: Partial<ArtifactStore> = {}) {
  const real = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
  const store = { ...real, ...changes };
  const said: string[] = [];
  const log = pino({ level: "silent" });
  const open = (sweepId?: string) =>
    DurableTraining.open({
      store,
      model: "digits",
      key,
      sweepId,
      resume: "auto",
      say: (line) => said.push(line),
      log,
    });
  const names = async () =>
    (await real.list("checkpoints")).map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  return { open, said, names };
}

/** Trains for some epochs, and then fails. */
const failing = (epochs: number, error: Error) => async (checkpoints: FitCheckpoints) => {
  for (let epoch = 1; epoch <= epochs; epoch += 1)
    await checkpoints.checkpoint?.(stateAfter(epoch));
  throw error;
};

describe("a durable training", () => {
  it("is gone on with after what may pass by itself, by whoever has the same inputs", async () => {
    const { open, said, names } = await setUp();
    const first = await open();
    expect(first.start).toEqual({});
    const full = failing(2, new Error("there is not enough memory"));
    await expect(first.during("run-1", datasetDigest, full)).rejects.toThrow("memory");
    expect(await names()).toContain("epoch-00002.bin");

    const second = await open();
    expect(second.start).toEqual({ resume: { runId: "run-1", mayTakeOver: true } });
    expect((await open("a-sweep")).start).toEqual({
      resume: { runId: "run-1", mayTakeOver: false },
    });
    const given = await second.during("run-2", datasetDigest, async ({ resumeFrom }) => resumeFrom);
    expect(given).toEqual(stateAfter(2));
    expect(said).toEqual([
      expect.stringMatching(/^goes on after epoch 2 of the run run-1, saved at 20.*Z$/),
    ]);
    await second.untilDecided(async () => "released");
    expect(await names()).toEqual([]);
  });

  it("is not gone on with when it diverged", async () => {
    const { open, names } = await setUp();
    const diverging = failing(3, new TrainingDivergedError("the loss is NaN"));
    const training = await open();
    await expect(training.during("run-1", datasetDigest, diverging)).rejects.toThrow("NaN");
    expect(await names()).toEqual([]);
  });

  it("begins anew where the data is not that of the checkpoint", async () => {
    const { open, said } = await setUp();
    const full = failing(1, new Error("full"));
    await expect((await open()).during("run-1", datasetDigest, full)).rejects.toThrow("full");
    const other = digestOf("other data");
    const given = await (await open()).during("run-2", other, async ({ resumeFrom }) => resumeFrom);
    expect(given).toBeUndefined();
    expect(said[0]).toContain(`is not used: it was trained on ${datasetDigest}`);
  });

  it("goes on without checkpoints while the store is away, and is released", async () => {
    const away = new ArtifactStoreError("unreachable", "the store is away");
    const { open } = await setUp({ write: () => Promise.reject(away) });
    const training = await open();
    const trained = await training.during("run-1", datasetDigest, async ({ checkpoint }) => {
      for (const epochs of [1, 2, 3]) await checkpoint?.(stateAfter(epochs));
      return "trained";
    });
    expect(await training.untilDecided(async () => trained)).toBe("trained");
  });
});

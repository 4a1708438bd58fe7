import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { writeDigitFolder } from "../fixtures/digit-folder.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { runsOf, startTracker } from "../fixtures/tracker-process.ts";
import { runTrainer, startTrainer, type TrainerResult } from "../fixtures/trainer-process.ts";

const sweep = {
  strategy: "grid",
  parameters: { units: [4, 24], learningRate: [0.00001, 0.01] },
};
const trials = [
  { learningRate: 0.00001, units: 4 },
  { learningRate: 0.00001, units: 24 },
  { learningRate: 0.01, units: 4 },
  { learningRate: 0.01, units: 24 },
];

/** Where a trainer works, with a store of its own. */
async function workplace(data: string, variables: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const all = {
    TRAINER_DATASET: data,
    TRAINER_HYPERPARAMETERS: '{"filters": 4, "batchSize": 32, "epochs": 2}',
    TRAINER_GATE: '{"minAccuracy": 0.3}',
    TRAINER_STORE_URI: pathToFileURL(join(folder, "store")).href,
    ...variables,
  };
  return { folder, variables: all };
}

async function digits(): Promise<string> {
  return writeDigitFolder(await temporaryFolder(), [600, 100]);
}

function releaseOf({ outcome, stderr, stdout }: TrainerResult): Release {
  if (outcome?.status === "released") return outcome.release;
  throw new Error(`there is no release: ${JSON.stringify(outcome)} ${stdout} ${stderr}`);
}

/** What a package holds, and which run its card names. */
async function packageOf({ uri, digest }: Release) {
  const { card } = await readPackage(uri, digest);
  const store = openArtifactStore(uri.replace(/\/models\/.*$/, ""));
  const folder = uri.slice(store.uri.length + 1);
  const files = (await store.list(folder)).map(({ path }) => path.slice(folder.length + 1));
  const { runId, ...lineage } = card.lineage;
  return { files, gate: card.gate, lineage, runId };
}

/** What the best of the trials gives when it is trained on its own. */
async function trainedAlone(data: string): Promise<Release> {
  const flags = ["train", "--learning-rate", "0.01", "--units", "24"];
  return releaseOf(await runTrainer(flags, await workplace(data)));
}

describe("a sweep in several processes", () => {
  it("releases the best trial as if it had been trained alone", { timeout: 120_000 }, async () => {
    const data = await digits();
    const tracker = await startTracker(await temporaryFolder());
    const place = await workplace(data, {
      MLFLOW_TRACKING_URI: tracker.uri,
      TRAINER_SWEEP_ID: "sweep-1",
    });
    const early = await runTrainer(["train"], place);
    expect(early).toMatchObject({ code: 1 });
    expect(early.stderr).toContain(
      "no trial of the sweep sweep-1 can be released; look at its runs in the tracker\nit has no trials in this experiment",
    );

    const start = async (index: number) => {
      const { variables } = place;
      const options = {
        folder: await temporaryFolder(),
        variables: {
          ...variables,
          TRAINER_SWEEP_TRIALS: JSON.stringify(trials),
          JOB_COMPLETION_INDEX: String(index),
        },
      };
      return startTrainer(["trial"], options);
    };
    const cancelled = await start(0);
    await cancelled.said(/^data /m);
    cancelled.child.kill("SIGTERM");
    const results = await Promise.all([2, 3].map(async (index) => (await start(index)).done));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect((await cancelled.done).code).toBe(1);

    const variables = { ...place.variables, TRAINER_SWEEP_TRIALS: JSON.stringify(trials) };
    const result = await runTrainer(["train"], { ...place, variables });
    const release = releaseOf(result);
    expect(result.stdout).not.toMatch(/^epoch /m);
    expect(result.stdout).toContain("trial 0 is passed over: training was cancelled (SIGTERM)\n");
    expect(result.stdout).toContain("trial 1 is passed over: it never began\n");
    expect(result.stdout).toMatch(/^trial 3 is the best of 2: sha256:/m);

    const alone = await trainedAlone(data);
    expect(release.digest).toBe(alone.digest);
    const timed = { latencyP50Ms: 0, latencyP95Ms: 0, throughputPerSecond: 0 };
    expect({ ...release.metrics, ...timed }).toEqual({ ...alone.metrics, ...timed });
    const { runId, ...content } = await packageOf(release);
    expect(content).toEqual({ ...(await packageOf(alone)), runId: undefined });
    expect(runId).toBe(release.runId);

    const runs = await runsOf(tracker);
    const parent = runs.find(({ id }) => id === release.runId);
    expect(parent).toMatchObject({
      status: "FINISHED",
      params: { units: "24", learningRate: "0.01", seed: "1" },
      tags: {
        "updraft.sweep": "sweep-1",
        "updraft.digest": release.digest,
        "updraft.version": "1",
      },
    });
    expect(parent?.metrics).toMatchObject(release.metrics);
    const children = runs.filter(({ tags }) => tags["mlflow.parentRunId"] === release.runId);
    expect(
      children.map(({ tags, status }) => `${tags["updraft.trial.index"]} ${status}`).toSorted(),
    ).toEqual(["0 KILLED", "2 FINISHED", "3 FINISHED"]);
    const best = children.find(({ tags }) => tags["updraft.trial.index"] === "3");
    expect(best?.tags["updraft.digest"]).toBe(release.digest);
    expect(parent?.tags["updraft.sweep.best"]).toBe(best?.id);
    expect(parent?.metrics["best_val_accuracy"]).toBe(best?.metrics["best_val_accuracy"]);
    // The release, and the one that came too early; no run is left open.
    const closed = runs.filter(({ tags }) => tags["updraft.sweep"] === "sweep-1");
    expect(closed.map(({ status }) => status)).toContain("FAILED");
    expect(runs.filter(({ ended }) => !ended)).toEqual([]);
  });
});

describe("a sweep in one process", () => {
  it("gives the same release, without a tracker", { timeout: 120_000 }, async () => {
    const data = await digits();
    const place = await workplace(data, { TRAINER_SWEEP: JSON.stringify(sweep) });
    const result = await runTrainer(["sweep"], place);
    const release = releaseOf(result);
    for (const index of trials.keys()) {
      expect(result.stdout).toMatch(new RegExp(`^trial ${index} {2}val_accuracy 0\\.\\d{4}$`, "m"));
    }
    const alone = await trainedAlone(data);
    expect(release.digest).toBe(alone.digest);
    expect({ ...(await packageOf(release)), runId: "" }).toEqual({
      ...(await packageOf(alone)),
      runId: "",
    });
  });

  it("fails as the gate does, after all trials", { timeout: 120_000 }, async () => {
    const parameters = { units: [4, 6] };
    const place = await workplace(await digits(), {
      TRAINER_SWEEP: JSON.stringify({ ...sweep, parameters }),
      TRAINER_GATE: '{"minAccuracy": 1}',
    });
    const failed = await runTrainer(["sweep", "--epochs", "1"], place);
    expect(failed.code).toBe(4);
    expect(failed.stdout).toMatch(/^trial \d is the best of 2: sha256:/m);
    expect(failed.stderr).toMatch(/^minAccuracy +0\.\d+ +1 +failed$/m);
  });
});

describe("a command of a sweep", () => {
  it("says everything that it is not told", async () => {
    const place = await workplace("mnist-10k");
    const trial = await runTrainer(["trial"], place);
    expect(trial.code).toBe(2);
    expect(trial.stderr.trim().split("\n")).toEqual([
      "TRAINER_SWEEP_ID is not set: name the sweep that the trial belongs to",
      "MLFLOW_TRACKING_URI is not set: trials are recorded in a tracker",
      "TRAINER_SWEEP_TRIALS is not set: list the trials, or set TRAINER_SWEEP",
      "JOB_COMPLETION_INDEX is not set: say which of the trials to run, from 0",
    ]);
    const train = await runTrainer(["train", "--sweep-id", "s1"], place);
    expect(train).toMatchObject({ code: 2 });
    expect(train.stderr).toContain("TRAINER_SWEEP_ID s1: the trials of a sweep are found in");
    const none = await runTrainer(["sweep"], place);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toContain("TRAINER_SWEEP is not set: say what to try");
  });

  it("refuses an index that no trial has", async () => {
    const place = await workplace("mnist-10k", {
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
      TRAINER_SWEEP: JSON.stringify(sweep),
      TRAINER_SWEEP_ID: "s1",
      JOB_COMPLETION_INDEX: "4",
    });
    const trial = await runTrainer(["trial"], place);
    expect(trial).toMatchObject({
      code: 2,
      stderr: "JOB_COMPLETION_INDEX 4: there are 4 trials, so it is at most 3\n",
    });
  });
});

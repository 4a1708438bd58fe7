import { truncate } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  smallData,
  trackedEnvironment,
  untrackedEnvironment,
  type Environment,
} from "./fixtures/environment.ts";
import { runsOf, type TrackerProcess } from "./fixtures/tracker-process.ts";

const epochs = 6;
const small = { filters: 4, units: 16, batchSize: 32, dropout: 0.2, patience: 6, epochs };
const variables = { TRAINER_HYPERPARAMETERS: JSON.stringify(small) };
const everyEpoch = Array.from({ length: epochs }, (_, index) => index + 1);

const Metrics = z.object({ metrics: z.array(z.object({ step: z.number() })) });

/** The epochs that a run has a metric of, in the order in which they came. */
async function epochsOf(tracker: TrackerProcess, runId = "", metric = "val_loss") {
  const path = `metrics/get-history?run_id=${runId}&metric_key=${metric}`;
  return (await tracker.call(path, Metrics)).metrics.map(({ step }) => step);
}

/** The files of checkpoints, the oldest first. */
async function checkpointsIn({ storeUri }: Environment): Promise<string[]> {
  const store = openArtifactStore(storeUri);
  return (await store.list("checkpoints")).map(({ path }) => store.uriOf(path));
}

/** Trains, and ends the process once it has said that an epoch is done and it has a checkpoint. */
async function interrupted(
  environment: Environment,
  epoch: number,
  signal: NodeJS.Signals,
  [command = "train", ...flags]: readonly string[] = [],
) {
  const trainer = environment.start([command, ...flags]);
  await trainer.said(new RegExp(`^epoch ${epoch}/${epochs} .* accuracy`, "m"));
  await expect.poll(() => checkpointsIn(environment)).not.toEqual([]);
  trainer.child.kill(signal);
  return trainer.done;
}

/** The package of a training that nobody interrupts. */
let uninterrupted: string | undefined;

/** Data, and the digest of the package that it makes. */
async function prepared() {
  const data = await smallData();
  uninterrupted ??= (await (await untrackedEnvironment(data, variables)).release(["train"])).digest;
  return { data, digest: uninterrupted };
}

describe("a training that was interrupted", { timeout: 60_000 }, () => {
  it("goes on in the same run after each kill, and ends with the same package", async () => {
    const { data, digest } = await prepared();
    const environment = await trackedEnvironment(data, variables);
    const { tracker } = environment;
    await interrupted(environment, 3, "SIGKILL");
    const second = await interrupted(environment, 5, "SIGKILL");
    expect(second.stdout).toMatch(/^goes on after epoch \d of the run [0-9a-f]{32}, saved at 20/m);
    expect(second.stdout).not.toMatch(/^epoch 1\//m);
    const release = await environment.release(["train"]);
    expect(release.digest).toBe(digest);
    const runs = await runsOf(tracker);
    expect(runs).toMatchObject([{ id: release.runId, status: "FINISHED", ended: true }]);
    expect(Object.keys(runs[0]?.tags ?? {})).not.toContain("updraft.failure");
    expect(Object.keys(runs[0]?.tags ?? {})).not.toContain("updraft.abandoned");
    for (const metric of ["train_loss", "val_loss", "val_accuracy", "learning_rate"]) {
      expect(await epochsOf(tracker, release.runId, metric)).toEqual(everyEpoch);
    }
    expect(await checkpointsIn(environment)).toEqual([]);
  });

  it("goes on in the run that another trainer has found abandoned", async () => {
    const { data, digest } = await prepared();
    const environment = await trackedEnvironment(data, variables);
    await interrupted(environment, 3, "SIGKILL");
    const other = await environment.release(["train", "--seed", "2"]);
    const [, killed] = await runsOf(environment.tracker);
    expect(killed).toMatchObject({ status: "FAILED", tags: { "updraft.abandoned": "true" } });
    const release = await environment.release(["train", "--gate", '{"minAccuracy": 0.01}']);
    expect(release).toMatchObject({ digest, runId: killed?.id });
    expect(other.runId).not.toBe(release.runId);
  });

  it("goes on in a new run, which says so, when the last one was cancelled", async () => {
    const { data, digest } = await prepared();
    const environment = await trackedEnvironment(data, variables);
    const { tracker } = environment;
    expect(await interrupted(environment, 3, "SIGTERM")).toMatchObject({ code: 1 });
    const [cancelled] = await runsOf(tracker);
    const release = await environment.release(["train"]);
    expect(release.digest).toBe(digest);
    const [run, before] = await runsOf(tracker);
    expect(run).toMatchObject({
      id: release.runId,
      status: "FINISHED",
      tags: { "updraft.resumedFrom": cancelled?.id },
    });
    expect(before).toEqual(cancelled);
    expect(cancelled).toMatchObject({ status: "KILLED" });
    expect(await epochsOf(tracker, release.runId)).toEqual(everyEpoch);
  });

  it("goes on from the checkpoint before one that is torn", async () => {
    const { data, digest } = await prepared();
    const environment = await untrackedEnvironment(data, variables);
    await interrupted(environment, 4, "SIGKILL");
    const [before, torn = ""] = await checkpointsIn(environment);
    await truncate(fileURLToPath(torn), 1000);
    const { stdout, outcome } = await environment.run(["train"]);
    expect(stdout).toContain(
      `the checkpoint ${torn} is not used: its checksum is not that of its content: it is torn, or was changed`,
    );
    const done = Number(/(\d+)\.bin$/.exec(before ?? "")?.[1]);
    expect(stdout).toContain(`goes on after epoch ${done} of the run `);
    expect(outcome).toMatchObject({ release: { digest } });
  });

  it("starts anew if that is asked for, and leaves nothing once the gate has decided", async () => {
    const environment = await untrackedEnvironment(await smallData(), variables);
    await interrupted(environment, 3, "SIGKILL");
    const other = await environment.run(["train", "--seed", "2", "--resume", "always"]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^TRAINER_RESUME always: there is no checkpoint in file:\/\/\/.*; set auto to begin anew\n$/,
    );
    const gate = '{"minAccuracy": 1}';
    const anew = await environment.run(["train", "--gate", gate, "--resume", "never"]);
    expect(anew.code).toBe(4);
    expect(anew.stdout).toMatch(/^epoch 1\/6 .* accuracy/m);
    expect(await checkpointsIn(environment)).toEqual([]);
  });

  it("goes on as the same trial of a sweep", async () => {
    const { data, digest } = await prepared();
    const environment = await trackedEnvironment(data, {
      ...variables,
      TRAINER_SWEEP: '{"strategy": "grid", "parameters": {"units": [16]}}',
      TRAINER_SWEEP_ID: "a-sweep",
      JOB_COMPLETION_INDEX: "0",
    });
    await interrupted(environment, 3, "SIGKILL", ["trial"]);
    const { code, stdout } = await environment.run(["trial"]);
    expect(code).toBe(0);
    expect(stdout).toContain("goes on after epoch ");
    const runs = await runsOf(environment.tracker);
    expect(runs.map(({ status }) => status).toSorted()).toEqual(["FINISHED", "RUNNING"]);
    expect(await checkpointsIn(environment)).toEqual([]);
    expect((await environment.release(["train"])).digest).toBe(digest);
  });
});

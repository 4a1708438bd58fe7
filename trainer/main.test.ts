import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readPackage } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { freePort } from "@updraft/contracts/free-port";
import {
  reasonsOf,
  registryOf,
  runsOf,
  startTracker,
  tagsOfVersion,
} from "./fixtures/tracker-process.ts";
import { runTrainer, startTrainer, type TrainerResult } from "./fixtures/trainer-process.ts";
import { small, withoutTracker } from "./fixtures/without-tracker.ts";

const Metrics = z.object({ metrics: z.array(z.object({ step: z.number() })) });

/** So long that a test has the time to do something while it trains. */
const long = { ...small, epochs: 10_000, patience: 10_000 };

async function withTracker() {
  const tracker = await startTracker(await temporaryFolder());
  const place = await withoutTracker();
  const variables = { ...place.variables, MLFLOW_TRACKING_URI: tracker.uri };
  return { ...place, tracker, variables, options: { folder: place.folder, variables } };
}

function releaseOf({ outcome, stderr }: TrainerResult): Release {
  if (outcome?.status === "released") return outcome.release;
  throw new Error(`there is no release: ${JSON.stringify(outcome)} ${stderr}`);
}

describe("train", () => {
  it("leads from a dataset to a released version, and records everything", async () => {
    const { tracker, options, store } = await withTracker();
    const result = await runTrainer(["train"], options);
    const release = releaseOf(result);
    expect(result.code).toBe(0);
    expect(release).toMatchObject({ model: "digits", version: "1", gate: { verdict: "passed" } });
    expect(result.stdout).toMatch(
      /^epoch 4\/4 {2}loss \d\.\d{4} {2}accuracy \d\.\d{4} {2}[\d,]+ examples\/s {2}0 s left$/m,
    );

    const { card, signature } = await readPackage(release.uri, release.digest);
    const { metrics, intervals, lineage, releasedAt: createdAt } = release;
    expect(card).toMatchObject({ metrics, intervals, lineage, createdAt });
    expect(card.lineage).toMatchObject({ runId: release.runId, seed: 1, hyperparameters: small });
    expect(signature.inputs[0]).toMatchObject({ name: "image", shape: [-1, 28, 28, 1] });
    expect((await readdir(join(store, "datasets")))[0]).toBe(release.datasetDigest.slice(7));

    const [run] = await runsOf(tracker);
    expect(run).toMatchObject({
      id: release.runId,
      status: "FINISHED",
      ended: true,
      params: { epochs: "4", filters: "4", seed: "1", dataset: options.variables.TRAINER_DATASET },
      tags: {
        "updraft.digest": release.digest,
        "updraft.datasetDigest": release.datasetDigest,
        "updraft.gate": "passed",
        "updraft.version": "1",
        "updraft.accelerator": expect.stringMatching(/^[cg]pu$/),
      },
    });
    expect(run?.metrics).toMatchObject({
      ...metrics,
      accuracy_low: intervals?.["accuracy"]?.low,
      accuracy_high: intervals?.["accuracy"]?.high,
      f1_low: intervals?.["f1"]?.low,
      minRecallPerClass_high: intervals?.["minRecallPerClass"]?.high,
    });
    expect(release.comparison).toBeUndefined();
    expect(run?.metrics["val_accuracy"]).toBeGreaterThan(0.3);
    expect(await registryOf(tracker)).toEqual({ aliases: { champion: "1" }, versions: 1 });
  });

  it("gives the same package and version for the same seed, and others for another", async () => {
    const { tracker, options } = await withTracker();
    const first = releaseOf(await runTrainer(["train"], options));
    const second = releaseOf(await runTrainer(["train"], options));
    const other = releaseOf(await runTrainer(["train", "--seed", "2"], options));
    expect([second.digest, second.version]).toEqual([first.digest, first.version]);
    expect(second.intervals).toEqual(first.intervals);
    expect(second.runId).not.toBe(first.runId);
    const { version, digest } = first;
    const { accuracy = 0, f1 = 0 } = first.metrics;
    expect(other.comparison).toMatchObject({ version, digest, metrics: { accuracy, f1 } });
    const gained = other.comparison?.differences["accuracy"];
    expect(gained?.value).toBeCloseTo((other.metrics["accuracy"] ?? 0) - accuracy, 12);
    expect(other.digest).not.toBe(first.digest);
    expect(await registryOf(tracker)).toEqual({ aliases: { champion: "2" }, versions: 2 });
  });

  it("notes which release of another stack it follows", async () => {
    const { tracker, options, variables } = await withTracker();
    const digest = `sha256:${"a".repeat(64)}`;
    const release = {
      model: "digits",
      version: "3",
      digest,
      uri: "file:///dev/models/digits/aaaa",
      runId: "run-of-dev",
      datasetDigest: digest,
      metrics: {},
      gate: { verdict: "passed", rules: [] },
    };
    const source = { ...variables, TRAINER_SOURCE: JSON.stringify({ stack: "dev", release }) };
    const trained = releaseOf(await runTrainer(["train"], { ...options, variables: source }));
    expect(trained.promotedFrom).toBeUndefined();
    const tags = {
      "updraft.promotedFrom.stack": "dev",
      "updraft.promotedFrom.version": "3",
      "updraft.promotedFrom.digest": digest,
      "updraft.promotedFrom.runId": "run-of-dev",
    };
    expect(await runsOf(tracker)).toMatchObject([{ tags }]);
    expect(await tagsOfVersion(tracker, "1")).toMatchObject(tags);
    expect(await reasonsOf(tracker)).toEqual([
      "trained as version 3 of dev was: the gate let it pass",
    ]);
  });

  it("trains the same package again from the snapshot of its dataset", async () => {
    const { options, variables, store } = await withTracker();
    const first = releaseOf(await runTrainer(["train"], options));
    const snapshot = join(store, "datasets", first.datasetDigest.slice(7));
    const again = { ...variables, TRAINER_DATASET: pathToFileURL(snapshot).href };
    const second = releaseOf(await runTrainer(["train"], { ...options, variables: again }));
    expect([second.digest, second.datasetDigest]).toEqual([first.digest, first.datasetDigest]);
  });

  it("leaves the champion alone when the gate fails, and says why", async () => {
    const { tracker, options } = await withTracker();
    const champion = releaseOf(await runTrainer(["train"], options));
    const gate = '{"minAccuracy": 0.9999, "maxRegression": 0.1}';
    const failed = await runTrainer(["train", "--seed", "2", "--gate", gate], options);
    expect(failed.code).toBe(4);
    expect(failed.outcome).toMatchObject({
      status: "failed",
      failure: { exitCode: 4, gate: { verdict: "failed", rules: [{ limit: 0.9999 }, {}] } },
    });
    expect(failed.stderr).toMatch(/^minAccuracy +0\.\d+ +0\.9999 +failed$/m);
    const [run] = await runsOf(tracker);
    expect(run).toMatchObject({ status: "FAILED", tags: { "updraft.gate": "failed" } });
    expect(run?.tags["updraft.failure"]).toMatch(
      /^the gate failed: accuracy is 0\.\d+; the rule is at least 0\.9999\nrule +value +limit/,
    );
    expect(await registryOf(tracker)).toEqual({
      aliases: { champion: champion.version, challenger: "2" },
      versions: 2,
    });
    const back = releaseOf(await runTrainer(["train", "--seed", "2"], options));
    expect(back.version).toBe("2");
    expect(await registryOf(tracker)).toEqual({ aliases: { champion: "2" }, versions: 2 });
  });

  it("closes its run when the data is rejected, and keeps nothing of it", async () => {
    const { tracker, options, data, store } = await withTracker();
    const labels = join(new URL(data).pathname, "train-labels-idx1-ubyte");
    await writeFile(labels, Buffer.concat([Buffer.of(0, 0, 8, 1, 0, 0, 0, 1, 10)]));
    const result = await runTrainer(["train"], options);
    expect(result.code).toBe(3);
    expect(result.outcome).toMatchObject({
      failure: {
        exitCode: 3,
        message: `${labels}, byte 8: label 10 of example 0; expected 0 to 9`,
      },
    });
    expect(await runsOf(tracker)).toMatchObject([
      {
        status: "FAILED",
        tags: { "updraft.failure": `${labels}, byte 8: label 10 of example 0; expected 0 to 9` },
      },
    ]);
    expect(await readdir(store)).toEqual([".incoming"]);
  });

  it("ends before there is a run where a GPU is asked for that cannot be used", async () => {
    const { folder, variables } = await withoutTracker();
    const hidden = { ...variables, CUDA_VISIBLE_DEVICES: "-1", TRAINER_ACCELERATOR: "gpu" };
    const result = await runTrainer(["train"], { folder, variables: hidden });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(
      /^TRAINER_ACCELERATOR gpu: there is .* To train without a GPU, set it to auto or cpu\.\n$/,
    );
    expect((await readdir(folder)).toSorted()).toEqual(["data", "outcome.json"]);
  });

  it("refuses settings before anything else, all at once", async () => {
    const { folder, variables } = await withoutTracker();
    const flags = ["train", "--epochs", "0", "--seed", "x"];
    const result = await runTrainer(flags, { folder, variables });
    expect(result.code).toBe(2);
    expect(result.stderr.trim().split("\n")).toEqual([
      "--seed x: Invalid input: expected number, received string",
      "--epochs 0: Too small: expected number to be >=1",
    ]);
    expect(result.outcome).toMatchObject({ status: "failed", failure: { exitCode: 2 } });
    expect((await readdir(folder)).toSorted()).toEqual(["data", "outcome.json"]);
  });

  it("works without a tracker: versions are counted in the store", async () => {
    const { options } = await withoutTracker();
    const gate = ["--gate", '{"maxRegression": 1}'];
    const first = releaseOf(await runTrainer(["train", ...gate], options));
    const second = releaseOf(await runTrainer(["train", "--seed", "2", ...gate], options));
    const third = releaseOf(await runTrainer(["train", ...gate], options));
    expect([first.version, second.version, third.version]).toEqual(["1", "2", "1"]);
    expect(third.gate.rules[0]?.reason).toMatch(/^regression against champion version 2, /);
  });
});

describe("a trainer that is stopped", () => {
  it("closes its run as killed at SIGTERM and leaves no package", async () => {
    const { tracker, options, store } = await withTracker();
    const flags = ["train", "--hyperparameters", JSON.stringify(long)];
    const trainer = startTrainer(flags, options);
    await trainer.said(/^epoch 2\//m);
    const asked = performance.now();
    trainer.child.kill("SIGTERM");
    const { code, outcome, stderr } = await trainer.done;
    expect(performance.now() - asked).toBeLessThan(3000);
    expect(code).toBe(1);
    expect(stderr).toContain("training was cancelled (SIGTERM)");
    const [run] = await runsOf(tracker);
    expect(outcome).toMatchObject({ failure: { exitCode: 1, runId: run?.id } });
    expect(run).toMatchObject({
      status: "KILLED",
      tags: { "updraft.failure": "training was cancelled (SIGTERM)" },
    });
    expect(run?.metrics["train_loss"]).toBeGreaterThan(0);
    expect((await readdir(store)).toSorted()).toEqual([".incoming", "checkpoints", "datasets"]);
  });

  it("takes the end of the process that started it as a cancellation", async () => {
    const { tracker, options } = await withTracker();
    const flags = ["train", "--hyperparameters", JSON.stringify(long)];
    const trainer = startTrainer(flags, { ...options, ipc: true });
    await trainer.said(/^epoch 1\//m);
    trainer.child.stdout?.destroy();
    trainer.child.disconnect();
    expect(await trainer.done).toMatchObject({ code: 1 });
    expect(await runsOf(tracker)).toMatchObject([{ status: "KILLED" }]);
  });

  it("is found out by the next run when it was killed without a chance", async () => {
    const { tracker, options } = await withTracker();
    const flags = ["train", "--hyperparameters", JSON.stringify(long)];
    const trainer = startTrainer(flags, options);
    await trainer.said(/^epoch 1\//m);
    const elsewhere = { ...options, folder: await temporaryFolder() };
    const other = startTrainer([...flags, "--seed", "2"], elsewhere);
    await other.said(/^epoch 1\//m);
    trainer.child.kill("SIGKILL");
    await trainer.done;
    expect(await runsOf(tracker)).toMatchObject([{ status: "RUNNING" }, { status: "RUNNING" }]);

    releaseOf(await runTrainer(["train"], options));

    const [, alive, killed] = await runsOf(tracker);
    expect(alive).toMatchObject({ status: "RUNNING" });
    expect(killed).toMatchObject({ status: "FAILED", ended: true });
    expect(killed?.tags["updraft.failure"]).toMatch(
      /^the trainer \(process \d+ on .+\) ended without closing the run; it was killed, or the machine went down$/,
    );
  });
});

describe("a tracker that is away", () => {
  it("ends the trainer soon and with one message if it never was there", async () => {
    const { folder, variables } = await withoutTracker();
    const uri = `http://127.0.0.1:${await freePort()}`;
    const unreachable = { ...variables, MLFLOW_TRACKING_URI: uri };
    const started = performance.now();
    const result = await runTrainer(["train"], { folder, variables: unreachable });
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(result.code).toBe(1);
    expect(result.stderr.trim()).toBe(
      `the tracker at ${uri} cannot be reached (ECONNREFUSED), tried for 5 s; start it, or set MLFLOW_TRACKING_URI to its address`,
    );
    expect(result.outcome).toMatchObject({ status: "failed", failure: { exitCode: 1 } });
  });

  it("costs no data, no training time and no release if it comes back", async () => {
    const { tracker, options } = await withTracker();
    const epochs = 12;
    const trainer = startTrainer(["train", "--epochs", String(epochs)], options);
    await trainer.said(/^data /m);
    await tracker.kill();
    // The whole training goes by without it.
    await trainer.said(/^epoch 12\/12 {2}loss .* accuracy/m);
    await tracker.restart();
    const release = releaseOf(await trainer.done);
    const [run] = await runsOf(tracker);
    expect(run).toMatchObject({ id: release.runId, status: "FINISHED" });
    const history = await tracker.call(
      `metrics/get-history?run_id=${release.runId}&metric_key=val_loss`,
      Metrics,
    );
    expect(history.metrics.map(({ step }) => step)).toEqual(
      Array.from({ length: epochs }, (_, index) => index + 1),
    );
  });
});

/** What the last line says. */
function lastLine({ stdout }: TrainerResult): unknown {
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describe("--json", () => {
  it("prints the release, or the failure, as the last line", async () => {
    const { options } = await withoutTracker();
    const passed = await runTrainer(["train", "--json"], options);
    expect(lastLine(passed)).toEqual(releaseOf(passed));
    const gate = ["--gate", '{"minAccuracy": 0.9999}'];
    const failed = await runTrainer(["train", "--json", "--seed", "2", ...gate], options);
    expect(failed.code).toBe(4);
    expect({ status: "failed", failure: lastLine(failed) }).toEqual(failed.outcome);
  });
});

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mkdir } from "node:fs/promises";
import { minioProgram, startMinio } from "@updraft/contracts/minio-under-test";
import { whyNoSmallDisk, withSmallDisk } from "@updraft/contracts/small-disk-under-test";
import { describe, expect, it, onTestFinished } from "vitest";
import { smallData, trackedEnvironment } from "./fixtures/environment.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { registryOf, runsOf } from "./fixtures/tracker-process.ts";

const minioBinary = minioProgram("trainer/endings.test.ts");
const noSmallDisk = whyNoSmallDisk();
if (noSmallDisk !== undefined) {
  process.stderr.write(
    `skipped: a full disk, for which no small one can be mounted: ${noSmallDisk}\n`,
  );
}

const epochs = 12;
const hyperparameters = { filters: 4, units: 64, batchSize: 32, epochs };
const variables = { TRAINER_HYPERPARAMETERS: JSON.stringify(hyperparameters) };
const lastEpoch = new RegExp(`^epoch ${epochs}/${epochs} .* accuracy`, "m");

/** What is said to people, without the log's lines. */
const saidIn = (stderr: string) => stderr.split("\n").filter((line) => !line.startsWith("{"));

describe("a training that cannot be brought to its end", { timeout: 60_000 }, () => {
  it("ends with one message when the tracker stays away, and is gone on with later", async () => {
    const patience = { TRAINER_OUTAGE_PATIENCE: "1" };
    const environment = await trackedEnvironment(await smallData(), { ...variables, ...patience });
    const { tracker } = environment;
    const trainer = environment.start(["train"]);
    await trainer.said(/^epoch 2\//m);
    await tracker.kill();
    await trainer.said(lastEpoch);
    const { code, stderr, outcome } = await trainer.done;
    expect(code).toBe(1);
    expect(saidIn(stderr)).toEqual([
      `the tracker at ${tracker.uri} cannot be reached (ECONNREFUSED), tried for 1 s; start it, or set MLFLOW_TRACKING_URI to its address`,
      expect.stringMatching(/^the run [0-9a-f]{32} stays open until the next training$/),
      "",
    ]);
    if (outcome?.status !== "failed") throw new Error("unreachable: it exited with 1");
    expect(outcome.failure.message).toBe(saidIn(stderr).slice(0, 2).join("\n"));

    await tracker.restart();
    const release = await environment.release(["train", "--resume", "always"]);
    expect(await runsOf(tracker)).toMatchObject([
      { id: outcome.failure.runId, status: "FINISHED", metrics: { val_loss: expect.any(Number) } },
    ]);
    expect(release.runId).toBe(outcome.failure.runId);
    expect(await registryOf(tracker)).toEqual({ aliases: { champion: "1" }, versions: 1 });
  });

  it.runIf(minioBinary)("ends with one message when its store is lost", async () => {
    const minio = await startMinio(minioBinary ?? "");
    onTestFinished(() => minio.stop());
    const environment = await trackedEnvironment(await smallData(), {
      ...variables,
      ...minio.variables,
      TRAINER_STORE_URI: `s3://${await minio.newBucket()}`,
      TRAINER_OUTAGE_PATIENCE: "1",
    });
    const trainer = environment.start(["train"]);
    await trainer.said(/^epoch 2\//m);
    await minio.stop();
    const { code, stderr, stdout, outcome } = await trainer.done;
    expect(code).toBe(1);
    // A store that is away may be back by the end, so training goes on.
    expect(stdout).toMatch(lastEpoch);
    expect(saidIn(stderr)).toEqual([
      `${minio.url} cannot be reached (ECONNREFUSED); start it, or set S3_ENDPOINT_URL to its address`,
      "",
    ]);
    const [run] = await runsOf(environment.tracker);
    expect(run).toMatchObject({ status: "FAILED", ended: true });
    expect(outcome).toMatchObject({ failure: { message: run?.tags["updraft.failure"] } });
  });

  it.runIf(noSmallDisk === undefined)("ends at once when the store's disk is full", async () => {
    const disk = join(await temporaryFolder(), "disk");
    await mkdir(disk);
    const environment = await trackedEnvironment(await smallData(), {
      ...variables,
      TRAINER_STORE_URI: pathToFileURL(disk).href,
    });
    const { code, stderr, stdout, outcome } = await environment.run(
      ["train"],
      {},
      {
        wrapper: withSmallDisk(disk, 1),
      },
    );
    expect(code).toBe(1);
    expect(stdout).not.toMatch(lastEpoch);
    const message = expect.stringMatching(
      /^there is no space left for checkpoints\/digits\/[0-9a-f]{64}\/epoch-0000\d\.bin; free some, or move the store to a larger disk$/,
    );
    expect(saidIn(stderr)).toEqual([message, ""]);
    expect(outcome).toMatchObject({ failure: { exitCode: 1, message } });
    expect(await runsOf(environment.tracker)).toMatchObject([
      { status: "FAILED", ended: true, tags: { "updraft.failure": message } },
    ]);
  });
});

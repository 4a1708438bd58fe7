import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Outcome } from "@updraft/contracts/release";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { writeDigitFolder } from "./fixtures/digit-folder.ts";
import { startKubeApi } from "./fixtures/kube-api.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { runsOf, startTracker } from "./fixtures/tracker-process.ts";
import { runTrainer, startTrainer } from "./fixtures/trainer-process.ts";

const ConfigMap = z.object({
  metadata: z.object({ labels: z.unknown(), ownerReferences: z.unknown() }),
  data: z.strictObject({ "outcome.json": z.string() }),
});

/** A trainer as in a pod of a Job, with an API server, and what it leaves there. */
async function inPod(changes: Record<string, string> = {}) {
  const api = await startKubeApi();
  const folder = await temporaryFolder();
  const terminationLog = join(folder, "termination-log");
  const variables = {
    ...api.variables,
    TRAINER_OUTCOME_CONFIG_MAP: "training-1-release",
    TRAINER_TERMINATION_LOG: terminationLog,
    TRAINER_JOB_NAME: "training-1",
    TRAINER_JOB_UID: "uid-1",
    TRAINER_LABELS: '{"updraft.dev/stack": "dev"}',
    TRAINER_OUTCOME_FILE: "",
    TRAINER_DATASET: await writeDigitFolder(join(folder, "data"), [600, 100]),
    TRAINER_HYPERPARAMETERS: '{"filters": 4, "units": 16, "batchSize": 32, "epochs": 2}',
    TRAINER_GATE: '{"minAccuracy": 0.1}',
    TRAINER_STORE_URI: pathToFileURL(join(folder, "store")).href,
    ...changes,
  };
  const left = async () => {
    const found = api.configMaps.get("updraft-dev/training-1-release");
    const configMap = found === undefined ? undefined : ConfigMap.parse(found);
    return {
      configMap,
      outcome: configMap && Outcome.parse(JSON.parse(configMap.data["outcome.json"])),
      termination: await readFile(terminationLog, "utf8").catch(() => undefined),
    };
  };
  return { api, options: { folder, variables }, left };
}

/** A bucket that takes a probe and then answers nothing about datasets. */
async function silentBucket() {
  const asked = Promise.withResolvers<void>();
  const answers: Readonly<Record<string, readonly [number, string]>> = {
    GET: [200, '<?xml version="1.0"?><ListBucketResult></ListBucketResult>'],
    HEAD: [404, ""],
    PUT: [200, ""],
    DELETE: [204, ""],
  };
  const server = createServer((request, response) => {
    if (request.url?.includes("datasets")) return asked.resolve();
    const [status, body] = answers[request.method ?? ""] ?? [405, ""];
    request.resume().on("end", () => response.writeHead(status).end(body));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: asked.promise };
}

describe("a trainer in a pod", { timeout: 60_000 }, () => {
  it("writes its release to the ConfigMap, and no termination message", async () => {
    const { options, left } = await inPod();
    const { code } = await runTrainer(["train"], options);
    const { configMap, outcome, termination } = await left();
    expect(code).toBe(0);
    expect(outcome).toMatchObject({
      status: "released",
      release: { model: "digits", version: "1" },
    });
    expect(configMap?.metadata).toEqual({
      labels: { "updraft.dev/stack": "dev" },
      ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "training-1", uid: "uid-1" }],
    });
    expect(termination).toBeUndefined();
  });

  it("writes the gate's table to both when it fails", async () => {
    const { options, left } = await inPod({ TRAINER_GATE: '{"minAccuracy": 1}' });
    const { code, stderr } = await runTrainer(["train"], options);
    const { outcome, termination } = await left();
    expect(code).toBe(4);
    expect(outcome).toMatchObject({ failure: { exitCode: 4, gate: { verdict: "failed" } } });
    expect(termination).toMatch(
      /^the gate failed: accuracy is 0\.\d+; the rule is at least 1\nrule +value +limit +verdict\nminAccuracy +0\.\d+ +1 +failed$/,
    );
    expect(stderr).toContain(termination);
  });

  it("says what is wrong with its settings", async () => {
    const { options, left } = await inPod({ TRAINER_SEED: "x", TRAINER_EPOCHS: "0" });
    expect(await runTrainer(["train"], options)).toMatchObject({ code: 2 });
    const { outcome, termination } = await left();
    expect(outcome).toMatchObject({ failure: { exitCode: 2, message: termination } });
    expect(termination?.split("\n")).toHaveLength(2);
  });

  it("says what it crashed of", async () => {
    const script = "setTimeout(() => { throw new Error('something broke'); }, 500);";
    const hook = `--import=data:text/javascript,${encodeURIComponent(script)}`;
    const { options, left } = await inPod({ TRAINER_EPOCHS: "10000", NODE_OPTIONS: hook });
    expect(await runTrainer(["train"], options)).toMatchObject({ code: 1 });
    const { outcome, termination } = await left();
    expect(outcome).toMatchObject({ failure: { exitCode: 1, message: "something broke" } });
    expect(termination).toBe("something broke");
  });

  it("tells that it was cancelled, though its store does not answer any more", async () => {
    const tracker = await startTracker(await temporaryFolder());
    const bucket = await silentBucket();
    const { options, left } = await inPod({
      MLFLOW_TRACKING_URI: tracker.uri,
      TRAINER_STORE_URI: "s3://updraft",
      S3_ENDPOINT_URL: bucket.url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
    const trainer = startTrainer(["train"], options);
    await Promise.race([bucket.asked, trainer.done]);
    trainer.child.kill("SIGTERM");
    expect((await trainer.done).code).toBe(1);
    const { outcome, termination } = await left();
    expect(termination).toBe("training was cancelled (SIGTERM)");
    expect(outcome).toMatchObject({ failure: { exitCode: 1, message: termination } });
    expect(await runsOf(tracker)).toMatchObject([{ status: "KILLED", ended: true }]);
  });

  it("writes a trial's failure for the kubelet only", async () => {
    const { api, options, left } = await inPod();
    expect(await runTrainer(["trial"], options)).toMatchObject({ code: 2 });
    expect((await left()).termination).toContain("TRAINER_SWEEP_ID is not set");
    expect(api.calls).toEqual([]);
  });
});

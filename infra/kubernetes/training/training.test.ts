import type * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TrainingPlan } from "../../platform.ts";
import type { ClusterFacts, RunInCluster } from "../cluster/cluster-facts.ts";
import { digest, NotingEngine, release, runArgs, valueOf, waitForRPCs } from "./run-fixture.ts";
import { Training } from "./training.ts";

const plan: TrainingPlan = {
  kind: "training",
  model: "digits",
  dataset: "mnist-10k",
  hyperparameters: { epochs: 2 },
  seed: 1,
  gate: {},
  quality: { drift: { fail: 0.5 } },
  datasetFingerprint: "mnist-10k@1",
  codeDigest: digest,
};

function make(settings: object = {}, more: Partial<ClusterFacts> = {}, planned = plan): Training {
  return new Training("training", { ...runArgs(settings, more), plan: planned });
}

describe("Training", () => {
  let engine: NotingEngine;

  beforeEach(async () => {
    engine = await NotingEngine.start();
  });
  afterEach(() => waitForRPCs());

  it("keeps the identity of its resources", async () => {
    await valueOf(make().release);
    expect(engine.identities(/^train(er|ing)/)).toEqual([
      "kubernetes:batch/v1:Job::training-run",
      "kubernetes:core/v1:ConfigMap::training-release",
      "kubernetes:core/v1:ServiceAccount::training-account",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy::training-policy",
      "kubernetes:rbac.authorization.k8s.io/v1:Role::training-role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding::training-role-binding",
      "updraft:platform:TrainerRights::trainer",
      "updraft:platform:Training::training",
    ]);
  });

  it("reads the release of the Job that it has named, once that is complete", async () => {
    const training = make();
    expect(await valueOf(training.release)).toEqual(release);
    expect(await valueOf(training.gate)).toEqual(release.gate);
    expect(await valueOf(training.runUrl)).toBe("http://tracker/runs/run-4");
    const { metadata } = engine.inputsOf("training-run");
    expect(metadata.name).toMatch(/^training-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(metadata.namespace).toBe("updraft-dev");
    expect(metadata.labels["updraft.dev/spec"]).toMatch(/^[0-9a-f]{32}$/);
    expect(engine.read).toEqual([`updraft-dev/${metadata.name}-release`]);
  });

  it("tells the trainer to begin with the version that serves, only where that is wanted", async () => {
    await valueOf(make({}, {}, { ...plan, warmStart: "champion" }).release);
    const told = { name: "TRAINER_WARM_START", value: "champion" };
    expect(engine.inputsOf("training-run")).toMatchObject({
      spec: { template: { spec: { containers: [{ env: expect.arrayContaining([told]) }] } } },
    });
  });

  it("registers Jobs with the provider that takes over what is there", async () => {
    await valueOf(make().release);
    const providers = new Map(
      engine.registered.map(({ name, provider }) => [name, provider ?? ""]),
    );
    expect(providers.get("training-run")).toContain("::cluster-runs::");
    expect(providers.get("training-role")).toContain("::cluster::");
  });

  it("tells the trainer the plan, the stack and where its results go", async () => {
    await valueOf(make().release);
    expect(engine.inputsOf("training-run").spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              image: `r/t@${digest}`,
              args: ["train"],
              env: expect.arrayContaining([
                { name: "TRAINER_MODEL", value: "digits" },
                { name: "TRAINER_HYPERPARAMETERS", value: '{"epochs":2}' },
                { name: "TRAINER_QUALITY", value: '{"drift":{"fail":0.5}}' },
                { name: "TRAINER_STACK", value: "dev" },
                { name: "TRAINER_STORE_URI", value: "s3://updraft" },
                { name: "MLFLOW_TRACKING_URI", value: "http://tracker:5000" },
              ]),
            },
          ],
        },
      },
    });
  });

  it("goes on with the Job of an update that was stopped, exactly as it is", async () => {
    await valueOf(make().release);
    const first = engine.inputsOf("training-run");
    const { name, labels } = first.metadata;
    const left: RunInCluster = {
      name,
      spec: labels["updraft.dev/spec"]!,
      state: "unfinished",
      createdAt: "2026-07-14T09:35:12Z",
    };
    engine = await NotingEngine.start();
    await valueOf(make({}, { runs: [left] }).release);
    expect(engine.inputsOf("training-run")).toEqual(first);
  });

  it("queues where Kueue has the say", async () => {
    await valueOf(make({ training: { queue: "gpus", priorityClass: "batch" } }).release);
    const { metadata, spec } = engine.inputsOf("training-run");
    expect(metadata.labels["kueue.x-k8s.io/queue-name"]).toBe("gpus");
    expect(spec).not.toHaveProperty("suspend");
    expect(spec).toMatchObject({ template: { spec: { priorityClassName: "batch" } } });
  });

  it("tries what a sweep plans before it trains", async () => {
    const sweep = { strategy: "grid", parallelism: 2, parameters: { epochs: [1, 2] } };
    const planned = { ...plan, trials: [{ epochs: 1 }, { epochs: 2 }] };
    await valueOf(make({ model: { sweep } }, {}, planned).release);
    const names = engine.registered.map(({ name }) => name);
    expect(names.indexOf("training-sweep")).toBeGreaterThan(-1);
    expect(names.indexOf("training-sweep")).toBeLessThan(names.indexOf("training-run"));
    const [run, trials] = [engine.inputsOf("training-run"), engine.inputsOf("training-sweep")];
    const id = run.metadata.name.replace("training-", "");
    expect(trials.metadata.name).toBe(`sweep-${id}`);
    expect(trials.metadata.labels).toEqual(run.metadata.labels);
  });

  it("looks for no release in a preview of a Job that still runs", async () => {
    engine = await NotingEngine.start(true);
    engine.status = { active: 1 };
    const training = make();
    await waitForRPCs();
    expect(await isKnown(training.release)).toBe(false);
    // As the engine writes what it does not know; then it asks no cluster.
    expect(engine.read).toEqual(["04da6b54-80e4-46f7-96ec-b56ff0331ba9"]);
  });
});

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}

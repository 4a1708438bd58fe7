import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import type { TrainingPlan } from "../../platform.ts";
import type { ClusterFacts, RunInCluster } from "../cluster/cluster-facts.ts";
import { Environment } from "../environment/environment.ts";
import type { KubernetesStore } from "../store/store-access.ts";
import type { KubernetesTracker } from "../tracker/tracker-access.ts";
import { Training } from "./training.ts";

// Exported, though the types leave it out.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly provider: string | undefined;
}

const digest = `sha256:${"a".repeat(64)}` as const;
const release = {
  model: "digits",
  version: "4",
  digest,
  uri: "s3://updraft/models/digits/aaaa",
  runId: "run-4",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
};

const plan: TrainingPlan = {
  kind: "training",
  model: "digits",
  dataset: "mnist-10k",
  hyperparameters: { epochs: 2 },
  seed: 1,
  gate: {},
  datasetFingerprint: "mnist-10k@1",
  codeDigest: digest,
};

const access = { variables: [], egress: [], serviceAccountAnnotations: {} };
const store = {
  uri: pulumi.output("s3://updraft"),
  access: { trainer: access },
  ready: [],
} as unknown as KubernetesStore;
const tracker = {
  access: { ...access, variables: [{ name: "MLFLOW_TRACKING_URI", value: "http://tracker:5000" }] },
  ready: [],
  runUrl: (of: pulumi.Output<Release>) => of.apply(({ runId }) => `http://tracker/runs/${runId}`),
} as unknown as KubernetesTracker;

function make(settings: object = {}, more: Partial<ClusterFacts> = {}, planned = plan): Training {
  const images = { trainer: `r/t@${digest}`, server: `r/s@${digest}`, tracker: `r/k@${digest}` };
  const config = KubernetesConfig.parse({ target: "kubernetes", images, ...settings });
  const facts = { isReachable: false, apiServer: undefined, gpuNodes: [], runs: [], ...more };
  const environment = new Environment("environment", { stack: "dev", config, facts });
  return new Training("training", {
    environment,
    stack: "dev",
    store,
    tracker,
    plan: planned,
    gpuNodePool: undefined,
    model: config.model,
    settings: config.training,
  });
}

describe("Training", () => {
  let registered: Registered[];
  let read: string[];
  /** What the cluster has done with the Job by then. */
  let status: object;

  async function mocked(isPreview: boolean) {
    // What is still registered belongs to the mocks before these.
    await waitForRPCs();
    [registered, read, status] = [[], [], { completionTime: "2026-07-14T09:36:00Z" }];
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs, id, provider }) {
          registered.push({ type, name, inputs, provider });
          if (type !== "kubernetes:core/v1:ConfigMap") {
            return { id: `${name}-id`, state: { ...inputs, status } };
          }
          read.push(id ?? "");
          const data = { "outcome.json": JSON.stringify({ status: "released", release }) };
          return { id: id ?? "", state: { data } };
        },
        call: () => ({}),
      },
      "updraft",
      "dev",
      isPreview,
    );
  }

  beforeEach(() => mocked(false));
  afterEach(() => waitForRPCs());

  const ofTraining = () => registered.filter(({ name }) => /^train(er|ing)/.test(name));
  const inputsOf = (name: string) =>
    registered.find((resource) => resource.name === name)?.inputs as {
      metadata: { name: string; namespace: string; labels: Record<string, string> };
      spec: Record<string, unknown>;
    };

  it("keeps the identity of its resources", async () => {
    await valueOf(make().release);
    expect(
      ofTraining()
        .map(({ type, name }) => `${type}::${name}`)
        .toSorted(),
    ).toEqual([
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
    const { metadata } = inputsOf("training-run");
    expect(metadata.name).toMatch(/^training-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(metadata.namespace).toBe("updraft-dev");
    expect(metadata.labels["updraft.dev/spec"]).toMatch(/^[0-9a-f]{32}$/);
    expect(read).toEqual([`updraft-dev/${metadata.name}-release`]);
  });

  it("registers Jobs with the provider that takes over what is there", async () => {
    await valueOf(make().release);
    const providers = new Map(registered.map(({ name, provider }) => [name, provider ?? ""]));
    expect(providers.get("training-run")).toContain("::cluster-runs::");
    expect(providers.get("training-role")).toContain("::cluster::");
  });

  it("tells the trainer the plan, the stack and where its results go", async () => {
    await valueOf(make().release);
    expect(inputsOf("training-run").spec).toMatchObject({
      template: {
        spec: {
          containers: [
            {
              image: `r/t@${digest}`,
              env: expect.arrayContaining([
                { name: "TRAINER_MODEL", value: "digits" },
                { name: "TRAINER_HYPERPARAMETERS", value: '{"epochs":2}' },
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
    const first = inputsOf("training-run");
    const { name, labels } = first.metadata;
    const left: RunInCluster = {
      name,
      spec: labels["updraft.dev/spec"]!,
      state: "unfinished",
      createdAt: "2026-07-14T09:35:12Z",
    };
    await mocked(false);
    await valueOf(make({}, { runs: [left] }).release);
    expect(inputsOf("training-run")).toEqual(first);
  });

  it("queues where Kueue has the say", async () => {
    await valueOf(make({ training: { queue: "gpus", priorityClass: "batch" } }).release);
    const { metadata, spec } = inputsOf("training-run");
    expect(metadata.labels["kueue.x-k8s.io/queue-name"]).toBe("gpus");
    expect(spec).not.toHaveProperty("suspend");
    expect(spec).toMatchObject({ template: { spec: { priorityClassName: "batch" } } });
  });

  it("tries what a sweep plans before it trains", async () => {
    const sweep = { strategy: "grid", parallelism: 2, parameters: { epochs: [1, 2] } };
    const planned = { ...plan, trials: [{ epochs: 1 }, { epochs: 2 }] };
    await valueOf(make({ model: { sweep } }, {}, planned).release);
    const names = registered.map(({ name }) => name);
    expect(names.indexOf("training-sweep")).toBeGreaterThan(-1);
    expect(names.indexOf("training-sweep")).toBeLessThan(names.indexOf("training-run"));
    const id = inputsOf("training-run").metadata.name.replace("training-", "");
    expect(inputsOf("training-sweep").metadata.name).toBe(`sweep-${id}`);
    expect(inputsOf("training-sweep").metadata.labels).toEqual(
      inputsOf("training-run").metadata.labels,
    );
  });

  it("looks for no release in a preview of a Job that still runs", async () => {
    await mocked(true);
    status = { active: 1 };
    const training = make();
    await waitForRPCs();
    expect(await isKnown(training.release)).toBe(false);
    // As the engine writes what it does not know; then it asks no cluster.
    expect(read).toEqual(["04da6b54-80e4-46f7-96ec-b56ff0331ba9"]);
  });
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { readonly isKnown: Promise<boolean> }).isKnown;
}

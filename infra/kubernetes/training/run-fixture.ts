import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import { KubernetesConfig } from "../../config/config.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { Environment } from "../environment/environment.ts";
import type { KubernetesStore } from "../store/store-access.ts";
import type { KubernetesTracker } from "../tracker/tracker-access.ts";

// Exported, though the types leave it out.
export const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** What the engine was asked for. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly provider: string | undefined;
}

export const digest = `sha256:${"a".repeat(64)}` as const;
export const release: Release = {
  model: "digits",
  version: "4",
  digest,
  uri: "s3://updraft/models/digits/aaaa",
  runId: "run-4",
  datasetDigest: digest,
  metrics: { accuracy: 0.99 },
  gate: { verdict: "passed", rules: [] },
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

/** What a run's component is given, besides its plan. */
export function runArgs(settings: object = {}, more: Partial<ClusterFacts> = {}) {
  const images = { trainer: `r/t@${digest}`, server: `r/s@${digest}`, tracker: `r/k@${digest}` };
  const config = KubernetesConfig.parse({ target: "kubernetes", images, ...settings });
  const facts = { isReachable: false, apiServer: undefined, gpuNodes: [], runs: [], ...more };
  const environment = new Environment("environment", { stack: "dev", config, facts });
  return {
    environment,
    stack: "dev",
    store,
    tracker,
    gpuNodePool: undefined,
    model: config.model,
    settings: config.training,
  };
}

/** An engine that notes what it is asked for. */
export class NotingEngine {
  readonly registered: Registered[] = [];
  /** Ids of the ConfigMaps that were read. */
  readonly read: string[] = [];
  /** What the cluster has done with the Job by then. */
  status: object = { completionTime: "2026-07-14T09:36:00Z" };

  static async start(isPreview = false): Promise<NotingEngine> {
    // What is still registered belongs to the engine before this one.
    await waitForRPCs();
    const engine = new NotingEngine();
    const newResource = (made: pulumi.runtime.MockResourceArgs) => engine.#note(made);
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "updraft", "dev", isPreview);
    return engine;
  }

  #note({ type, name, inputs, id, provider }: pulumi.runtime.MockResourceArgs) {
    this.registered.push({ type, name, inputs, provider });
    if (type !== "kubernetes:core/v1:ConfigMap" || "metadata" in inputs) {
      return { id: `${name}-id`, state: { ...inputs, status: this.status } };
    }
    this.read.push(id ?? "");
    const data = { "outcome.json": JSON.stringify({ status: "released", release }) };
    return { id: id ?? "", state: { data } };
  }

  /** Types and names of what is of a run, sorted. */
  identities(prefix: RegExp): string[] {
    return this.registered
      .filter(({ name }) => prefix.test(name))
      .map(({ type, name }) => `${type}::${name}`)
      .toSorted();
  }

  /** The manifest of a resource. */
  inputsOf(name: string) {
    return this.registered.find((resource) => resource.name === name)?.inputs as {
      metadata: { name: string; namespace: string; labels: Record<string, string> };
      spec: Record<string, unknown>;
    };
  }
}

export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCluster, type TestCluster } from "../harness/test-cluster.ts";
import { eventually } from "./kube.ts";

const checkout = join(import.meta.dirname, "../../..");
const stack = `e2e-left-${process.pid}`;
const namespace = `updraft-${stack}`;
const foreign = `others-${process.pid}`;
const group = `left-${process.pid}.test.updraft.dev`;
const labels = { "updraft.dev/stack": stack };

/** An object in the stack's namespace, with its label. */
const labelled = (object: KubernetesObject & Record<string, unknown>, place = namespace) => ({
  ...object,
  metadata: { labels, namespace: place, ...object.metadata },
});
const port = { port: 80, protocol: "TCP" };
const claim = {
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "1Mi" } },
  storageClassName: "none",
};

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `kites.${group}` },
  spec: {
    group,
    scope: "Namespaced",
    names: { plural: "kites", singular: "kite", kind: "Kite" },
    versions: [
      { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
    ],
  },
};
const namespaces = [namespace, foreign].map((name) => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
}));
const objects = [
  labelled({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" } }),
  labelled({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "elsewhere" } }, foreign),
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "unlabelled", namespace },
  },
  labelled({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "front" },
    spec: { type: "LoadBalancer", ports: [port], selector: { app: "none" } },
  }),
  labelled({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data" },
    spec: claim,
  }),
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: `${stack}-volume` },
    spec: {
      ...claim,
      resources: undefined,
      capacity: { storage: "1Mi" },
      hostPath: { path: "/tmp" },
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace, name: "data" },
    },
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: `${stack}-reader`, labels },
    rules: [],
  },
  labelled({ apiVersion: `${group}/v1`, kind: "Kite", metadata: { name: "red" } }),
];

/** The leftovers of an answer, without what the cluster makes by itself of a Service. */
const found = (output: string) =>
  output
    .split("\n")
    .flatMap((line) => /^ {2}(\w+ [\w-]+): /.exec(line)?.[1] ?? [])
    .filter((name) => !name.startsWith("Endpoint"));

describe("what is left of a stack in a cluster", () => {
  let cluster: TestCluster;
  let folder: string;
  let api: KubernetesObjectApi;
  let core: CoreV1Api;
  const configFile = join(checkout, `Pulumi.${stack}.yaml`);

  beforeAll(async () => {
    cluster = await testCluster();
    folder = await mkdtemp(join(tmpdir(), "updraft-left-"));
    await mkdir(join(folder, "backend"));
    const config = new KubeConfig();
    config.loadFromFile(cluster.kubeconfig);
    api = KubernetesObjectApi.makeApiClient(config);
    core = config.makeApiClient(CoreV1Api);
  });

  afterAll(async () => {
    for (const object of [crd, ...objects, ...namespaces]) await api.delete(object).catch(() => {});
    await rm(configFile, { force: true });
    await rm(folder, { recursive: true, force: true });
  });

  function verify(...args: string[]): Promise<{ code: number | null; output: string }> {
    const script = join(checkout, "infra/commands/verify-teardown/main.ts");
    const env = {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      PULUMI_BACKEND_URL: `file://${folder}/backend`,
      PULUMI_CONFIG_PASSPHRASE: "for tests only",
    };
    return new Promise((resolve) => {
      const child = execFile(process.execPath, [script, stack, ...args], { env }, (_, out, err) =>
        resolve({ code: child.exitCode, output: out + err }),
      );
    });
  }

  it("is nothing where there was none", async () => {
    expect(await verify()).toEqual({
      code: 0,
      output: `Nothing is left of the stack ${stack}.\n`,
    });
  });

  it("is found whatever its kind, in every namespace and in none", async () => {
    for (const object of [crd, ...namespaces]) await api.create(object);
    await eventually("the cluster knows its new kind", 30, async () => {
      const made = await api.create(objects.at(-1) ?? crd).catch(() => undefined);
      return made !== undefined;
    });
    for (const object of objects.slice(0, -1)) await api.create(object);
    const { code, output } = await verify("--wait", "0s");
    expect(code, output).toBe(1);
    expect(found(output)).toEqual([
      `ClusterRole ${stack}-reader`,
      "ConfigMap elsewhere",
      "ConfigMap settings",
      "ConfigMap unlabelled",
      "Kite red",
      `Namespace ${namespace}`,
      `PersistentVolume ${stack}-volume`,
      "PersistentVolumeClaim data",
      "Service front",
    ]);
    expect(output).toContain("Service front: in namespace ");
    expect(output).toContain("of type LoadBalancer, which may cost by the hour");
    expect(output).toContain(
      `ConfigMap elsewhere: in namespace ${foreign}\n    remove it: kubectl --context updraft-test --namespace ${foreign} delete configmaps elsewhere`,
    );
    expect(output).toContain(
      `PersistentVolume ${stack}-volume: in no namespace, of the claim ${namespace}/data, kept by its reclaim policy Retain`,
    );
  });

  it("does not count what others have in a namespace that is not the stack's", async () => {
    await configure({ namespace, createNamespace: false }, {});
    const { code, output } = await verify("--wait", "0s");
    expect(code, output).toBe(1);
    expect(found(output)).toEqual([
      `ClusterRole ${stack}-reader`,
      "ConfigMap elsewhere",
      "ConfigMap settings",
      "Kite red",
      "PersistentVolumeClaim data",
      "Service front",
    ]);
  });

  it("names as kept what the configuration keeps, with how the rest is removed", async () => {
    await configure({}, { keep: true });
    const { output } = await verify("--wait", "0s");
    const [left = "", kept = ""] = output.split("kept on purpose:\n");
    expect(found(kept)).toEqual([
      `Namespace ${namespace}`,
      `PersistentVolume ${stack}-volume`,
      "PersistentVolumeClaim data",
    ]);
    expect(left).toContain(
      `ConfigMap settings: in namespace ${namespace}\n    remove it: kubectl --context updraft-test --namespace ${namespace} delete configmaps settings`,
    );
    await rm(configFile);
  });

  it("is waited for while it goes", async () => {
    for (const object of objects) await api.delete(object);
    await core.deleteNamespace({ name: namespace });
    const { code, output } = await verify("--wait", "90s");
    expect(output).toBe(`Nothing is left of the stack ${stack}.\n`);
    expect(code).toBe(0);
  });

  /** Writes the configuration of the stack. */
  async function configure(kubernetes: object, store: object): Promise<void> {
    const config = {
      "updraft:target": "kubernetes",
      "updraft:images": { registry: `${cluster.registry}/updraft` },
      "updraft:kubernetes": kubernetes,
      "updraft:store": store,
    };
    // JSON is YAML.
    await writeFile(configFile, JSON.stringify({ config }));
  }
});

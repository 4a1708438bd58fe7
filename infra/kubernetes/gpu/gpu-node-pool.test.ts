import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { Environment } from "../environment/environment.ts";
import { GpuNodePool } from "./gpu-node-pool.ts";

// Exported, though the types leave it out.
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

const image = (name: string) => `registry.example.com/${name}@sha256:${"a".repeat(64)}`;

let registered: { type: string; name: string; inputs: Record<string, unknown> }[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    },
    "updraft",
    "dev",
  );
});

async function make(gpu: object, more: Partial<ClusterFacts> = {}): Promise<string[]> {
  const images = { trainer: image("trainer"), server: image("server"), tracker: image("tracker") };
  const config = KubernetesConfig.parse({ target: "kubernetes", images, gpu });
  const facts = { isReachable: false, apiServer: undefined, gpuNodes: [], runs: [], ...more };
  const environment = new Environment("environment", { stack: "dev", config, facts });
  new GpuNodePool("gpu", { environment, settings: config.gpu! });
  await waitForRPCs();
  return registered
    .filter(({ name }) => name.startsWith("gpu"))
    .map(({ type, name }) => `${type}::${name}`)
    .toSorted();
}

const inputsOf = (resource: string) => registered.find(({ name }) => name === resource)?.inputs;

it("does nothing with a pool that was made elsewhere", async () => {
  expect(await make({})).toEqual(["updraft:platform:GpuNodePool::gpu"]);
});

it("marks the nodes that are named, or that the cluster has for the selector", async () => {
  expect(await make({ nodes: { names: ["gpu-2"] } }, { gpuNodes: ["gpu-1"] })).toEqual([
    "kubernetes:core/v1:NodePatch::gpu-node-gpu-2",
    "updraft:platform:GpuNodePool::gpu",
  ]);
  registered = [];
  const dedicated = { key: "dedicated", effect: "NoSchedule" };
  const facts = { gpuNodes: ["gpu-1", "gpu-3"], nodeTaints: { "gpu-3": [dedicated] } };
  expect(await make({ nodes: { selector: { pool: "gpu" } } }, facts)).toEqual([
    "kubernetes:core/v1:NodePatch::gpu-node-gpu-1",
    "kubernetes:core/v1:NodePatch::gpu-node-gpu-3",
    "updraft:platform:GpuNodePool::gpu",
  ]);
  expect(inputsOf("gpu-node-gpu-1")).toMatchObject({
    spec: { taints: [{ key: "nvidia.com/gpu" }] },
  });
  expect(inputsOf("gpu-node-gpu-3")).not.toHaveProperty("spec");
});

it("brings the device plugin where no operator does", async () => {
  const runtimeClass = { name: "nvidia", handler: "nvidia" };
  expect(await make({ devicePlugin: true, runtimeClass, timeSlicing: { replicas: 4 } })).toEqual([
    "kubernetes:apps/v1:DaemonSet::gpu-device-plugin",
    "kubernetes:core/v1:ConfigMap::gpu-sharing",
    "kubernetes:core/v1:Namespace::gpu-namespace",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy::gpu-policy",
    "kubernetes:node.k8s.io/v1:RuntimeClass::gpu-runtime-class",
    "updraft:platform:GpuNodePool::gpu",
  ]);
  expect(inputsOf("gpu-device-plugin")).toMatchObject({
    metadata: { namespace: "updraft-dev-gpu" },
  });
});

it("takes a RuntimeClass that is there as it is", async () => {
  expect(await make({ runtimeClass: { name: "nvidia" } })).toEqual([
    "updraft:platform:GpuNodePool::gpu",
  ]);
});

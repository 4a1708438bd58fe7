import { describe, expect, it } from "vitest";
import { gpuNodePatch, poolTaints } from "./node-patch.ts";

const ours = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const cordoned = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
const dedicated = { key: "dedicated", value: "ml", effect: "NoSchedule" };

describe("the taint of the pool", () => {
  it("is written to a node that has none", () => {
    expect(poolTaints("gpu-1")).toEqual({ taints: [ours] });
    expect(poolTaints("gpu-1", [])).toEqual({ taints: [ours] });
  });

  it("stays written, also while the node is cordoned", () => {
    expect(poolTaints("gpu-1", [ours])).toEqual({ taints: [ours] });
    expect(poolTaints("gpu-1", [ours, cordoned])).toEqual({ taints: [ours] });
  });

  it("is left to others where they have taints of their own beside it", () => {
    expect(poolTaints("gpu-1", [dedicated, ours])).toEqual({ taints: undefined });
    // A cloud's pool has it with a value of its own, which the toleration does not look at.
    const cloud = { ...ours, value: "true" };
    expect(poolTaints("gpu-1", [cloud, dedicated])).toEqual({ taints: undefined });
  });

  it("is for others to add where their list would be lost", () => {
    expect(poolTaints("gpu-1", [dedicated])).toEqual({
      taints: undefined,
      problem:
        "node gpu-1 is tainted by others (dedicated:NoSchedule), and all taints of a node are one list; pods that need no GPU are kept away by kubectl taint node gpu-1 nvidia.com/gpu=present:NoSchedule",
    });
  });

  it("waits for a node that was cordoned before", () => {
    expect(poolTaints("gpu-1", [cordoned])).toEqual({
      taints: undefined,
      problem:
        "node gpu-1 is cordoned or not ready (node.kubernetes.io/unschedulable:NoSchedule); it gets the pool's taint from an update that finds it in service",
    });
  });
});

it("marks a node, and leaves its taints alone where it should", () => {
  const metadata = { name: "gpu-1", labels: { "nvidia.com/gpu.present": "true" } };
  expect(gpuNodePatch("gpu-1", [ours])).toEqual({ metadata, spec: { taints: [ours] } });
  expect(gpuNodePatch("gpu-1", undefined)).toEqual({ metadata });
});

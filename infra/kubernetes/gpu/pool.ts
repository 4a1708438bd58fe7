/** The resource by which a container asks for GPUs. */
export const gpuResource = "nvidia.com/gpu";

/** The label of nodes with GPUs, as NVIDIA's feature discovery sets it too. */
export const gpuNodeLabel = { "nvidia.com/gpu.present": "true" } as const;

/** Keeps pods that need no GPU away from the nodes that have some. */
export const gpuTaint = {
  key: "nvidia.com/gpu",
  value: "present",
  effect: "NoSchedule",
} as const;

/** Of pods that may run on the pool's nodes whatever the value of the taint is. */
export const gpuToleration = {
  key: gpuTaint.key,
  operator: "Exists",
  effect: gpuTaint.effect,
} as const;

/** Azure's own taint of machines that it may take back; no other cloud taints them. */
export const spotTaint = {
  key: "kubernetes.azure.com/scalesetpriority",
  value: "spot",
  effect: "NoSchedule",
} as const;

/** Of pods that may run on such machines, where the pool has them. */
export const spotToleration = { ...spotTaint, operator: "Equal" } as const;

/** What a pod's specification gets that runs on the pool. */
export interface GpuPlacement {
  readonly nodeSelector: typeof gpuNodeLabel;
  readonly tolerations: (typeof gpuToleration | typeof spotToleration)[];
  readonly runtimeClassName?: string;
}

/** Puts a pod on the pool's nodes. */
export function gpuPlacement(runtimeClassName?: string): GpuPlacement {
  return {
    nodeSelector: gpuNodeLabel,
    tolerations: [gpuToleration, spotToleration],
    ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
  };
}

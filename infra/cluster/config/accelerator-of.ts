import type { GpuPool } from "./gpu-pool.ts";

/** GPUs of Google's machines that come with some, by how their names begin. */
const accelerators: Readonly<Record<string, string>> = {
  "g2-standard-": "nvidia-l4",
  "a2-highgpu-": "nvidia-tesla-a100",
  "a2-ultragpu-": "nvidia-a100-80gb",
  "a3-highgpu-": "nvidia-h100-80gb",
};

/** The accelerator of a pool of GKE as Google calls it; nothing if neither says which. */
export function acceleratorOf({
  accelerator,
  machines,
}: Pick<GpuPool, "accelerator" | "machines">): string | undefined {
  const prefix = Object.keys(accelerators).find((each) => machines[0]?.startsWith(each));
  return accelerator ?? (prefix && accelerators[prefix]);
}

import { z } from "zod";

/** A name that every provider takes: AKS allows the least. */
const PoolName = z.string().regex(/^[a-z][a-z0-9]{0,11}$/, {
  error: "expected lower-case letters and digits, a letter first, 12 at most",
});

/** Nodes with GPUs that are there while something needs them. */
export const GpuPool = z.strictObject({
  /** Part of the names of what is made for it. */
  name: PoolName.default("gpu"),
  /** Machine types as the provider calls them; several only where a pool may mix them. */
  machines: z.array(z.string().min(1)).min(1),
  /** GPUs of one machine. */
  gpus: z.int().min(1).max(16).default(1),
  /** Accelerator as GKE calls it, `nvidia-l4`. @default what the machine type has */
  accelerator: z.string().min(1).optional(),
  /** Nodes there are at most; there are none while nothing needs one. */
  max: z.int().min(1).max(100).default(1),
  /** Machines that the provider may take back, for a lower price. */
  spot: z.boolean().default(false),
  /** Most that a spot machine may cost per hour, in the provider's currency. @default the list price */
  maxPrice: z.number().positive().optional(),
});
export type GpuPool = z.infer<typeof GpuPool>;

/** Nodes with GPUs, each kind of machine a pool of its own. */
export const GpuPools = z
  .array(GpuPool)
  .default([])
  .superRefine((pools, context) => {
    const names = pools.map(({ name }) => name);
    for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index))) {
      context.addIssue({
        code: "custom",
        message: `two pools are called ${name}; name them apart`,
      });
    }
    if (names.includes("platform")) {
      context.addIssue({
        code: "custom",
        message: "platform is the pool of cluster:nodes; name the GPU pool otherwise",
      });
    }
  });

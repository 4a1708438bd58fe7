import { z } from "zod";
import { Texts } from "./manifest-values.ts";

const Nodes = z
  .strictObject({
    names: z.array(z.string().min(1)).min(1).optional(),
    selector: Texts.optional(),
  })
  .refine(({ names, selector }) => (names === undefined) !== (selector === undefined), {
    error: "expected either names or a selector",
  });

/** `updraft:gpu`: nodes with GPUs, and how many of them a training takes. */
export const Gpu = z
  .strictObject({
    /** GPUs of one training. */
    count: z.int().min(1).max(64).default(1),
    /** Nodes that the stack labels and taints; without, the pool has been made elsewhere. */
    nodes: Nodes.optional(),
    /** Whether the stack installs NVIDIA's device plugin, where no operator has. */
    devicePlugin: z.boolean().default(false),
    /** RuntimeClass of the training's pods, made by the stack if `handler` is given. */
    runtimeClass: z
      .strictObject({ name: z.string().min(1), handler: z.string().min(1).optional() })
      .optional(),
    /** How many pods share one GPU in turns; needs `devicePlugin`. */
    timeSlicing: z.strictObject({ replicas: z.int().min(2).max(64) }).optional(),
  })
  .refine(({ devicePlugin, timeSlicing }) => devicePlugin || !timeSlicing, {
    error: "timeSlicing is set up in the device plugin; set devicePlugin: true too",
  });

import { z } from "zod";
import { ObjectName, Resources } from "./manifest-values.ts";

/** `updraft:training`: the Job. */
export const Training = z.strictObject({
  resources: Resources.prefault({}),
  /** How long a run may take, waiting for a node included. */
  timeoutMinutes: z.int().min(1).max(10_080).default(60),
  /** LocalQueue of Kueue, which then decides when the run starts. */
  queue: ObjectName.optional(),
  priorityClass: z.string().min(1).optional(),
  /** Whether the run may reach addresses outside of the cluster, to fetch a dataset. */
  internet: z.boolean().default(false),
});

import { z } from "zod";
import { ObjectName, Texts } from "./manifest-values.ts";

/** `updraft:monitoring`. */
export const Monitoring = z.strictObject({
  /** Annotations `prometheus.io/*` on the pods that have metrics. */
  annotations: z.boolean().default(true),
  /** ServiceMonitors of the Prometheus Operator. */
  serviceMonitor: z
    .strictObject({
      /** Labels by which the operator's Prometheus finds them. */
      labels: Texts.default({}),
      intervalSeconds: z.int().min(5).max(3600).default(30),
    })
    .optional(),
  /** Namespace that scrapes: only its pods may reach the metrics. @default every namespace */
  namespace: ObjectName.optional(),
});

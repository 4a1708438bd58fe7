import { z } from "zod";
import { HostName, ObjectName, Quantity } from "./manifest-values.ts";

/** `updraft:kubernetes`: the cluster, and the stack's place in it. */
export const Kubernetes = z
  .strictObject({
    /** Context of the kubeconfig. @default its current one */
    context: z.string().min(1).optional(),
    /** Stack of `infra/cluster` that has made the cluster; its kubeconfig is used. */
    clusterStack: z.string().min(1).optional(),
    /** @default updraft-<stack> */
    namespace: ObjectName.optional(),
    /** `false`: it is there already, and stays. */
    createNamespace: z.boolean().default(true),
    /** ResourceQuota of the namespace, by resource: `requests.cpu: 8`. */
    quota: z.record(z.string().min(1), Quantity).optional(),
    /** LimitRange: what a container gets that asks for nothing. */
    limits: z
      .strictObject({
        defaultRequest: z.record(z.string().min(1), Quantity).optional(),
        default: z.record(z.string().min(1), Quantity).optional(),
        max: z.record(z.string().min(1), Quantity).optional(),
      })
      .optional(),
    /** Domain of the cluster's DNS. */
    clusterDomain: HostName.default("cluster.local"),
  })
  .refine(({ context, clusterStack }) => context === undefined || clusterStack === undefined, {
    error: "context and clusterStack both name a cluster; remove one of the two",
  });

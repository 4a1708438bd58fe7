import { z } from "zod";
import { ObjectName } from "../../config/manifest-values.ts";
import { GpuPools } from "./gpu-pool.ts";
import { Cost, Prices } from "./prices.ts";

const Cidr = z.union([z.cidrv4(), z.cidrv6()], {
  error: "expected addresses such as 203.0.113.0/24",
});

/** Who may reach the API server. */
const Access = z.strictObject({
  /** Addresses from which it may be called; who has no credentials is refused in any case. */
  cidrs: z.array(Cidr).min(1).default(["0.0.0.0/0"]),
});

/** What every provider takes as a key; the command line may have made a number of a value. */
const Tags = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]*$/, {
    error: "expected lower-case letters, digits, dashes and underscores, a letter first",
  }),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

/** Nodes for the platform's own pods. */
const nodes = (machine: string) =>
  z.strictObject({
    machine: z.string().min(1).default(machine),
    min: z.int().min(1).max(100).default(1),
    max: z.int().min(1).max(100).default(3),
  });

/** What the clusters of all clouds have in the same form. */
const cloud = {
  /** @default updraft-<stack> */
  name: ObjectName.optional(),
  region: z.string().min(1),
  /** Kubernetes' version as the provider writes it. @default the provider's own */
  version: z
    .string()
    .regex(/^\d+\.\d+/, { error: "expected a version such as 1.34" })
    .optional(),
  gpuPools: GpuPools,
  access: Access.prefault({}),
  /** Tags or labels of everything that is made, for the bill: `team: vision`. */
  tags: Tags.default({}),
  prices: Prices.optional(),
};

/** Amazon's Kubernetes, in its Auto Mode. */
export const EksConfig = z.strictObject({
  provider: z.literal("eks"),
  ...cloud,
  /** Where the subnets are made. @default the zones a and b of the region */
  zones: z.array(z.string().min(1)).min(2).max(3).optional(),
  /** A network that is there already: private subnets with a way out. @default one of its own */
  network: z.strictObject({ subnetIds: z.array(z.string().min(1)).min(2) }).optional(),
  access: Access.extend({
    /** ARNs of users and roles that may do everything, beside the one who brings it up. */
    admins: z.array(z.string().startsWith("arn:")).default([]),
  }).prefault({}),
  nodes: z
    .strictObject({
      machine: z.string().min(1).default("m6i.large"),
      min: z.int().optional(),
      max: z.int().min(1).max(100).default(3),
    })
    .prefault({}),
});
export type EksConfig = z.infer<typeof EksConfig>;

/** Google's Kubernetes, with node pools that are seen in the configuration. */
export const GkeConfig = z.strictObject({
  provider: z.literal("gke"),
  ...cloud,
  project: z.string().min(1),
  /** Where the nodes are; the control plane of a single one is in it as well. */
  zones: z.array(z.string().min(1)).min(1).max(3),
  /** A network that is there already, with a way out for private nodes. @default one of its own */
  network: z.strictObject({ network: z.string().min(1), subnetwork: z.string().min(1) }).optional(),
  nodes: nodes("e2-standard-2").prefault({}),
});
export type GkeConfig = z.infer<typeof GkeConfig>;

/** Azure's Kubernetes. */
export const AksConfig = z.strictObject({
  provider: z.literal("aks"),
  ...cloud,
  /** `standard`: a control plane with a guarantee, for a fee. */
  tier: z.enum(["free", "standard"]).default("free"),
  /** A subnet that is there already, by its id. @default one that Azure makes */
  network: z.strictObject({ subnetId: z.string().startsWith("/subscriptions/") }).optional(),
  nodes: nodes("Standard_D2s_v5").prefault({}),
});
export type AksConfig = z.infer<typeof AksConfig>;

/** A cluster in containers of this machine. */
export const KindConfig = z.strictObject({
  provider: z.literal("kind"),
  /** @default updraft-<stack> */
  name: ObjectName.optional(),
  /** Image of the nodes, `kindest/node:…`. @default kind's own */
  image: z.string().min(1).optional(),
  /** Nodes beside the control plane. */
  workers: z.int().min(0).max(9).default(1),
  /** Ports of nodes that this machine has at 127.0.0.1 too, for Services of type NodePort. */
  ports: z.array(z.int().min(30_000).max(32_767)).default([]),
});
export type KindConfig = z.infer<typeof KindConfig>;

/** A cluster that is there already. */
export const ExistingConfig = z.strictObject({
  provider: z.literal("existing"),
  /** File of the kubeconfig. @default KUBECONFIG, or else ~/.kube/config */
  kubeconfig: z.string().min(1).optional(),
  /** Context of the kubeconfig. @default its current one */
  context: z.string().min(1).optional(),
  /** What it costs, as whoever runs it says. */
  costPerHour: Cost.optional(),
});
export type ExistingConfig = z.infer<typeof ExistingConfig>;

/** The configurations by provider. */
export const clusterConfigs = {
  existing: ExistingConfig,
  kind: KindConfig,
  eks: EksConfig,
  gke: GkeConfig,
  aks: AksConfig,
} as const;
export type Provider = keyof typeof clusterConfigs;
export type CloudConfig = EksConfig | GkeConfig | AksConfig;
export type ClusterConfig = ExistingConfig | KindConfig | CloudConfig;

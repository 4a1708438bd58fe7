import type { CloudConfig, ClusterConfig } from "../config/cluster-config.ts";
import type { Cost } from "../config/prices.ts";
import { listPrices } from "./list-prices.ts";

/** What a cluster costs, in one currency and per hour; disks, traffic and taxes come on top. */
export interface CostPerHour {
  readonly currency: string;
  /** What is paid whether or not anything runs in the cluster. */
  readonly always: number;
  /** One more node for the platform's own pods. */
  readonly perPlatformNode?: number;
  /** One node of a GPU pool, by the pool's name; of spot machines the most that it may cost. */
  readonly perGpuNode: Readonly<Record<string, number>>;
  /** With as many nodes as the configuration allows. */
  readonly atMost: number;
  /** When the prices were looked up, if that is known. */
  readonly asOf?: string;
  readonly source: string;
}

/** The cost of a cluster, or the prices that would have to be known for it. */
export type Costs =
  | { readonly perHour: CostPerHour }
  | { readonly missing: readonly string[] }
  | { readonly perHour: undefined };

/** What a cluster costs by list prices, and by what `cluster:prices` says instead. */
export function costs(config: ClusterConfig): Costs {
  switch (config.provider) {
    case "existing":
      return { perHour: config.costPerHour && asSaid(config.costPerHour) };
    case "kind":
      return {
        perHour: {
          currency: "USD",
          always: 0,
          perGpuNode: {},
          atMost: 0,
          source: "it runs on a machine that is there already",
        },
      };
    default:
      return cloudCosts(config);
  }
}

function asSaid({ currency, always, perGpuNode, atMost, asOf, source }: Cost): CostPerHour {
  return {
    currency,
    always,
    perGpuNode: perGpuNode === undefined ? {} : { gpu: perGpuNode },
    atMost,
    ...(asOf === undefined ? {} : { asOf }),
    source: source ?? "cluster:costPerHour",
  };
}

function cloudCosts(config: CloudConfig): Costs {
  const { nodes, gpuPools } = config;
  const price = new PriceFinder(config);
  const always =
    price.controlPlane() + price.network() + (nodes.min ?? 0) * price.node(nodes.machine);
  const perPlatformNode = price.node(nodes.machine);
  const perGpuNode = Object.fromEntries(
    gpuPools.map(({ name, machines, maxPrice }) => {
      // Any of them may be the one that comes.
      const dearest = Math.max(...machines.map((machine) => price.node(machine)));
      return [name, maxPrice === undefined ? dearest : Math.min(dearest, maxPrice)];
    }),
  );
  if (price.missing.length > 0) return { missing: price.missing };
  const platformAtMost = (nodes.max - (nodes.min ?? 0)) * perPlatformNode;
  const gpusAtMost = gpuPools.reduce(
    (sum, { name, max }) => sum + max * (perGpuNode[name] ?? 0),
    0,
  );
  return {
    perHour: {
      currency: price.currency,
      always: rounded(always),
      perPlatformNode: rounded(perPlatformNode),
      perGpuNode: mapValues(perGpuNode, rounded),
      atMost: rounded(always + platformAtMost + gpusAtMost),
      ...price.origin(),
    },
  };
}

/** Looks prices up, first in the configuration and then in the list, and notes what is in neither. */
class PriceFinder {
  readonly currency: string;
  readonly missing: string[] = [];
  readonly #config: CloudConfig;

  constructor(config: CloudConfig) {
    this.#config = config;
    this.currency = config.prices?.currency ?? listPrices[config.provider].currency;
  }

  controlPlane(): number {
    const isFree = this.#config.provider === "aks" && this.#config.tier === "free";
    const given = this.#config.prices?.controlPlane;
    if (given !== undefined || isFree) return given ?? 0;
    return this.#listed("controlPlane", this.#region?.controlPlane);
  }

  /** Nothing in a network that is somebody else's. */
  network(): number {
    const given = this.#config.prices?.network;
    if (given !== undefined || this.#config.network !== undefined) return given ?? 0;
    return this.#listed("network", this.#region?.network);
  }

  /** A machine with what is paid for it on top. */
  node(machine: string): number {
    const given = this.#config.prices?.machines[machine];
    if (given !== undefined) return given;
    const { machineSurcharge } = listPrices[this.#config.provider];
    const listed = this.#listed(`machines.${machine}`, this.#region?.machines[machine]);
    return listed * (1 + machineSurcharge) + (this.#region?.networkPerNode ?? 0);
  }

  origin(): { readonly asOf?: string; readonly source: string } {
    const { prices, region, provider } = this.#config;
    const list = listPrices[provider];
    const asOf = prices?.asOf ?? (prices ? undefined : list.asOf);
    const source = prices?.source ?? `${list.source}; ${region}`;
    return { ...(asOf === undefined ? {} : { asOf }), source };
  }

  get #region() {
    const { currency, regions } = listPrices[this.#config.provider];
    return this.currency === currency ? regions[this.#config.region] : undefined;
  }

  #listed(key: string, amount: number | undefined): number {
    if (amount !== undefined) return amount;
    if (!this.missing.includes(key)) this.missing.push(key);
    return 0;
  }
}

/** Hundredths of a cent are as exact as any list. */
function rounded(amount: number): number {
  return Math.round(amount * 10_000) / 10_000;
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

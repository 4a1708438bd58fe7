/** What an address stands for that only pods reach. */
export interface ClusterService {
  readonly namespace: string;
  readonly service: string;
}

/**
 * The Service of an address such as `http://inference.updraft-dev.svc.cluster.local`; nothing of an
 * address that is reached from everywhere.
 */
export function clusterServiceOf(url: string): ClusterService | undefined {
  const [service, namespace, kind] = new URL(url).hostname.split(".");
  if (service === undefined || namespace === undefined || kind !== "svc") return undefined;
  return { namespace, service };
}

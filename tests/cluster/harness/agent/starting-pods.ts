import type { V1Pod } from "@kubernetes/client-node";
import type { AnnouncedPod } from "./announced-pods.ts";

/**
 * Pods with the addresses that the API does not know yet. One whose network is made anew has two of
 * them for a moment.
 */
export function withAddresses(
  pods: readonly V1Pod[],
  starting: readonly AnnouncedPod[],
): readonly V1Pod[] {
  const addresses = Map.groupBy(starting, keyOf);
  return pods.flatMap((pod) => {
    const announced = addresses.get(keyOf(pod.metadata ?? {})) ?? [];
    const other = announced
      .map(({ address }) => address)
      .filter((address) => address !== pod.status?.podIP)
      .map((podIP) => ({ ...pod, status: { ...pod.status, podIP } }));
    return pod.status?.podIP === undefined && other.length > 0 ? other : [pod, ...other];
  });
}

/** Those of the starting pods that are among the pods. */
export function known(pods: readonly V1Pod[], starting: readonly AnnouncedPod[]): AnnouncedPod[] {
  const keys = new Set(pods.map(({ metadata }) => keyOf(metadata ?? {})));
  return starting.filter((pod) => keys.has(keyOf(pod)));
}

function keyOf({ namespace, name }: { namespace?: string; name?: string }): string {
  return `${namespace}/${name}`;
}

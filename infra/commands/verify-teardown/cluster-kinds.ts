import { eachOf } from "@updraft/contracts/each-of";
import { z } from "zod";
import type { ClusterConnection } from "../../kubernetes/cluster/cluster-connection.ts";

/** A kind of objects that a cluster knows. */
export interface ClusterKind {
  /** `ConfigMap`. */
  readonly kind: string;
  /** As kubectl takes it: `configmaps`, `ingresses.networking.k8s.io`. */
  readonly resource: string;
  /** `/api/v1`, `/apis/networking.k8s.io/v1`. */
  readonly base: string;
  /** `ingresses`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** How many requests are under way at once. */
export const requestsAtOnce = 8;

const Versions = z.array(z.object({ groupVersion: z.string(), version: z.string() }));
const Groups = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      versions: Versions,
      preferredVersion: z.object({ groupVersion: z.string() }).nullish(),
    }),
  ),
});
const Resources = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()).nullish(),
    }),
  ),
});

/**
 * Every kind whose objects can be listed and deleted, as the cluster itself says; events, which go
 * with time, are none of them.
 * @returns the kinds, and what could not be looked at
 */
export async function clusterKinds(
  cluster: ClusterConnection,
): Promise<{ readonly kinds: ClusterKind[]; readonly unseen: string[] }> {
  const found = new Map<string, ClusterKind>();
  const unseen: string[] = [];
  const places = [{ group: "", base: "/api/v1" }, ...(await groupVersions(cluster))];
  const byPlace = new Map<string, ClusterKind[]>();
  await eachOf(places, requestsAtOnce, async ({ group, base }) => {
    const { status, body } = await cluster.get(base);
    const parsed = Resources.safeParse(body);
    if (!parsed.success) {
      unseen.push(`the kinds of ${base}: the cluster answered ${status}`);
      return;
    }
    byPlace.set(base, kindsIn(parsed.data, group, base));
  });
  // The version that the cluster prefers comes first, and a kind counts once.
  for (const { base } of places) {
    for (const kind of byPlace.get(base) ?? []) {
      if (!found.has(kind.resource)) found.set(kind.resource, kind);
    }
  }
  return { kinds: [...found.values()], unseen };
}

async function groupVersions(
  cluster: ClusterConnection,
): Promise<{ readonly group: string; readonly base: string }[]> {
  const { groups } = Groups.parse((await cluster.get("/apis")).body);
  return groups.flatMap(({ name, versions, preferredVersion }) => {
    const preferred = preferredVersion?.groupVersion;
    return versions
      .map(({ groupVersion }) => groupVersion)
      .toSorted((a, b) => Number(b === preferred) - Number(a === preferred))
      .map((groupVersion) => ({ group: name, base: `/apis/${groupVersion}` }));
  });
}

function kindsIn(
  { resources }: z.infer<typeof Resources>,
  group: string,
  base: string,
): ClusterKind[] {
  return resources
    .filter(({ name, kind, verbs }) => {
      const can = (verb: string) => verbs?.includes(verb) ?? false;
      return !name.includes("/") && can("list") && can("delete") && kind !== "Event";
    })
    .map(({ name, kind, namespaced }) => ({
      kind,
      resource: group === "" ? name : `${name}.${group}`,
      base,
      plural: name,
      namespaced,
    }));
}

import { z } from "zod";
import type { ClusterConnection } from "../../kubernetes/cluster/cluster-connection.ts";
import type { ClusterKind } from "./cluster-kinds.ts";

const Owner = z.object({ kind: z.string(), name: z.string() });
const Named = z.object({ name: z.string(), namespace: z.string().optional() });

/** What is read of an object, whatever its kind. */
const ClusterObject = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string(),
    deletionTimestamp: z.string().nullish(),
    ownerReferences: z.array(Owner).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z
    .object({
      type: z.string().optional().catch(undefined),
      claimRef: Named.nullish().catch(undefined),
      persistentVolumeReclaimPolicy: z.string().optional().catch(undefined),
      taints: z
        .array(z.object({ key: z.string(), effect: z.string() }))
        .nullish()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
export type ClusterObject = z.infer<typeof ClusterObject>;

const List = z.object({
  items: z.array(ClusterObject).nullish(),
  metadata: z.object({ continue: z.string().optional() }).nullish(),
});

/** How many objects come with one answer. */
const pageSize = 500;

/**
 * The objects of a kind.
 * @param where in which namespace, and with which labels; everywhere and all without
 * @returns the objects, or the status of an answer that has none
 */
export async function objectsOf(
  cluster: ClusterConnection,
  { base, plural }: Pick<ClusterKind, "base" | "plural">,
  where: { readonly namespace?: string; readonly labelSelector?: string } = {},
): Promise<readonly ClusterObject[] | number> {
  const place = where.namespace === undefined ? base : `${base}/namespaces/${where.namespace}`;
  const objects: ClusterObject[] = [];
  for (let next: string | undefined = ""; next !== undefined;) {
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (where.labelSelector !== undefined) query.set("labelSelector", where.labelSelector);
    if (next !== "") query.set("continue", next);
    const { status, body } = await cluster.get(`${place}/${plural}?${query.toString()}`);
    const list = List.safeParse(body);
    if (status !== 200 || !list.success) return status;
    objects.push(...(list.data.items ?? []));
    next = list.data.metadata?.continue || undefined;
  }
  return objects;
}

import type { ClusterKind } from "./cluster-kinds.ts";
import type { ClusterObject } from "./cluster-objects.ts";
import type { Leftover } from "./leftover.ts";

/** An object of a stack, with its kind. */
export interface Found {
  readonly kind: ClusterKind;
  readonly object: ClusterObject;
}

/** What an object is and where: `Pod updraft-dev/store-0`, the same for every version of a kind. */
export function identityOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? ""}/${name}`;
}

/**
 * An object of a cluster as something that is left of a stack.
 * @param there identities of all that has been found
 */
export function clusterLeftover(
  { kind, object }: Found,
  context: string,
  there: ReadonlySet<string>,
): Leftover {
  const { name, namespace, deletionTimestamp } = object.metadata;
  const keeper = keeperOf({ kind, object });
  const isKept = keeper !== undefined && there.has(keeper.identity);
  const flags = [
    "--context",
    context,
    ...(namespace === undefined ? [] : ["--namespace", namespace]),
  ];
  return {
    kind: kind.kind,
    name,
    where: whereOf({ kind, object }),
    remedy: isKept
      ? `goes with ${keeper.words}`
      : `kubectl ${flags.join(" ")} delete ${kind.resource} ${name}`,
    // What has lost what it belongs to is collected by the cluster, a moment later.
    isGoing: Boolean(deletionTimestamp) || (keeper !== undefined && !keeper.isPlace && !isKept),
  };
}

/** What an object goes with, or has just lost. */
interface Keeper {
  readonly identity: string;
  readonly words: string;
  /** Whether it only lies there. */
  readonly isPlace: boolean;
}

function keeperOf({ kind, object: { metadata, spec } }: Found): Keeper | undefined {
  const { name, namespace, ownerReferences } = metadata;
  const [owner] = ownerReferences ?? [];
  const by = (ownerKind: string, ownerName: string, place = namespace): Keeper => ({
    identity: identityOf(ownerKind, place, ownerName),
    words: `its ${ownerKind} ${ownerName}`,
    isPlace: false,
  });
  if (owner) return by(owner.kind, owner.name);
  // These two have no reference to what they belong to.
  if (kind.resource === "endpoints") return by("Service", name);
  if (kind.resource === "persistentvolumes") {
    const claim = spec?.claimRef;
    const isRetained = spec?.persistentVolumeReclaimPolicy === "Retain";
    return claim && !isRetained
      ? by("PersistentVolumeClaim", claim.name, claim.namespace)
      : undefined;
  }
  if (namespace === undefined) return undefined;
  const identity = identityOf("Namespace", undefined, namespace);
  return { identity, words: "its namespace", isPlace: true };
}

function whereOf({ kind, object: { metadata, spec } }: Found): string {
  const { namespace, deletionTimestamp } = metadata;
  const isVolume = kind.resource === "persistentvolumes";
  const isBalancer = kind.resource === "services" && spec?.type === "LoadBalancer";
  const claim = spec?.claimRef;
  const words = [
    namespace === undefined ? "in no namespace" : `in namespace ${namespace}`,
    isBalancer ? "of type LoadBalancer, which may cost by the hour" : undefined,
    isVolume && claim ? `of the claim ${claim.namespace}/${claim.name}` : undefined,
    isVolume && spec?.persistentVolumeReclaimPolicy === "Retain"
      ? "kept by its reclaim policy Retain"
      : undefined,
    deletionTimestamp ? "being deleted" : undefined,
  ];
  return words.filter((word) => word !== undefined).join(", ");
}

import { setTimeout as sleep } from "node:timers/promises";
import { type KubeObject, nameOf, stringAt } from "../objects/kube-object.ts";
import type { Cluster, Selection } from "./cluster.ts";

/** What happened to one of the objects that are followed. */
export interface ObjectEvent {
  readonly type: "added" | "modified" | "deleted";
  readonly object: KubeObject;
}

const secondsBetweenAttempts = 1;
const eventTypes = { ADDED: "added", MODIFIED: "modified", DELETED: "deleted" } as const;

/**
 * Tells what there is and everything that changes, until the signal: a watch that ends is begun
 * anew, and what changed meanwhile is told then. What is known already is told only when it
 * changes.
 */
export async function follow(
  cluster: Cluster,
  selection: Selection,
  signal: AbortSignal,
  tell: (event: ObjectEvent) => void,
  alreadyKnown: readonly KubeObject[] = [],
): Promise<void> {
  const known = new Map(alreadyKnown.map((object) => [nameOf(object), object]));
  while (!signal.aborted) {
    try {
      const { objects, resourceVersion } = await cluster.list(selection, signal);
      for (const event of eventsBetween(known, objects)) record(known, event, tell);
      for await (const change of cluster.watch(selection, resourceVersion, signal)) {
        const event = eventOf(change);
        // An error means that the version is too old by now: back to listing.
        if (!event) break;
        record(known, event, tell);
      }
    } catch {
      if (signal.aborted) return;
      await sleep(secondsBetweenAttempts * 1000, undefined, { signal }).catch(() => undefined);
    }
  }
}

function record(
  known: Map<string, KubeObject>,
  event: ObjectEvent,
  tell: (event: ObjectEvent) => void,
): void {
  const name = nameOf(event.object);
  if (event.type === "deleted") known.delete(name);
  else known.set(name, event.object);
  tell(event);
}

function eventOf(change: unknown): ObjectEvent | undefined {
  const type = eventTypes[stringAt(change, "type") as keyof typeof eventTypes];
  return type && { type, object: (change as { object: KubeObject }).object };
}

const versionOf = (object: KubeObject | undefined) =>
  stringAt(object, "metadata", "resourceVersion");

/** What must have happened for there to be these objects now. */
export function eventsBetween(
  known: ReadonlyMap<string, KubeObject>,
  objects: readonly KubeObject[],
): ObjectEvent[] {
  const names = new Set(objects.map(nameOf));
  const gone = [...known.values()].filter((object) => !names.has(nameOf(object)));
  const present = objects
    .filter((object) => versionOf(known.get(nameOf(object))) !== versionOf(object))
    .map((object) => ({
      type: known.has(nameOf(object)) ? ("modified" as const) : ("added" as const),
      object,
    }));
  return [...gone.map((object) => ({ type: "deleted" as const, object })), ...present];
}

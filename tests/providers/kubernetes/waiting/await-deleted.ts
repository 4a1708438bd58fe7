import type { Cluster } from "../cluster/cluster.ts";
import { isNotFound } from "../cluster/api-error.ts";
import { follow, type ObjectEvent } from "../cluster/follow.ts";
import { kindOfObject } from "../objects/kind.ts";
import { type KubeObject, listAt, nameOf, namespaceOf, stringAt } from "../objects/kube-object.ts";
import type { StatusLine } from "./verdict.ts";

interface DeletionOptions {
  readonly cluster: Cluster;
  readonly object: KubeObject;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Shows a line that the next one replaces. */
  readonly tell: (line: StatusLine) => void;
  /** Shows a line that stays. */
  readonly warn: (message: string) => void;
}

/**
 * Waits until an object is gone.
 * @throws where it is still there when the time is over or the user cancels
 */
export async function awaitDeleted(options: DeletionOptions): Promise<void> {
  const { cluster, object, signal, timeoutSeconds } = options;
  const end = new AbortController();
  const timeout = AbortSignal.timeout(Math.min(timeoutSeconds * 1000, 2 ** 31 - 1));
  const until = AbortSignal.any([end.signal, timeout, signal]);
  const found = await current(cluster, object);
  if (!found) return;
  const selection = {
    kind: kindOfObject(object),
    namespace: namespaceOf(object),
    name: nameOf(object),
  };
  const see = ({ type, object: seen }: ObjectEvent) => {
    if (type === "deleted" || isAnother(seen, object)) end.abort();
    else for (const line of remainders(seen)) options.tell(line);
  };
  await follow(cluster, selection, until, see, [found]);
  const left = await current(cluster, object);
  if (!left) return;
  const finalizers = listAt(left, "metadata", "finalizers").join(", ");
  options.warn(`finalizers might be preventing deletion (${finalizers})`);
  throw new Error("timed out waiting for the condition");
}

/** The object as it is now, or undefined once it is gone. */
async function current(cluster: Cluster, object: KubeObject): Promise<KubeObject | undefined> {
  try {
    const live = await cluster.getFinally(object);
    return isAnother(live, object) ? undefined : live;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether it is a new object of the same name. */
function isAnother(seen: KubeObject, object: KubeObject): boolean {
  const uid = stringAt(object, "metadata", "uid");
  return uid !== "" && stringAt(seen, "metadata", "uid") !== uid;
}

/** What still keeps a namespace, in the words of its controller. */
function remainders(object: KubeObject): StatusLine[] {
  return listAt(object, "status", "conditions")
    .filter((condition) => stringAt(condition, "status") === "True")
    .filter((condition) => stringAt(condition, "type").endsWith("Remaining"))
    .map((condition) => ({ severity: "info", message: stringAt(condition, "message") }));
}

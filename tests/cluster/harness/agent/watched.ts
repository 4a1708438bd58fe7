import { setTimeout as sleep } from "node:timers/promises";
import { makeInformer } from "@kubernetes/client-node";
import type { KubeConfig, KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";

/** Who is told what. */
export interface WatchCallbacks {
  /** Something has changed. */
  readonly onChange: () => void;
  /** A connection was lost; it is made again. */
  readonly onError: (error: unknown) => void;
}

/**
 * The objects of one kind as they are now.
 * @param path of the kind in the API
 */
export function watched<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  list: () => Promise<KubernetesListObject<T>>,
  { onChange, onError }: WatchCallbacks,
): { start: () => Promise<void>; list: () => readonly T[] } {
  const informer = makeInformer(config, path, list);
  const start = async () => {
    for (;;) {
      try {
        await informer.start();
        onChange();
        return;
      } catch (error) {
        onError(error);
        await sleep(1000);
      }
    }
  };
  informer.on("change", onChange);
  informer.on("add", onChange);
  informer.on("update", onChange);
  informer.on("delete", onChange);
  informer.on("error", (error: unknown) => {
    onError(error);
    setTimeout(() => void start(), 1000);
  });
  return { start, list: () => informer.list() };
}

import { isStoreAway, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import type { ModelPackage } from "@updraft/contracts/model-package";
import { onceThere } from "@updraft/contracts/once-there";
import type { Logger } from "pino";
import { publishPackage } from "./publish.ts";

/** Where a package is published, and how long for. */
export interface PatientPublisher {
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * Writes a package; a store that is away is waited for: a whole training is in it.
 * @throws what the store says once the time is over
 */
export function publishPatiently(
  content: ModelPackage,
  patienceSeconds: number,
  { store, signal, log }: PatientPublisher,
): ReturnType<typeof publishPackage> {
  return onceThere(() => publishPackage(store, content), {
    seconds: patienceSeconds,
    isAway: isStoreAway,
    onAway: (error, secondsLeft) =>
      log.warn(`${messageOf(error)}; the package waits for it for ${secondsLeft} s more`),
    signal,
  });
}

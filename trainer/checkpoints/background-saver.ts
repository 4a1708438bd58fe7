import { ArtifactStoreError, isStoreAway } from "@updraft/contracts/artifact-store";

/** Writes the latest of what it is given while whoever gives it goes on. */
export interface BackgroundSaver<T> {
  /**
   * Takes something to be saved; one that still waits is left out for it.
   * @throws what the last attempt failed of, if that will not pass by itself
   */
  offer(value: T): void;
  /** Waits until nothing is being saved any more, however that ends. */
  settle(): Promise<void>;
}

/**
 * Saves in the background, one at a time. A store that is away or failed once costs what it misses,
 * and is tried again with the next value; one that is full, gone or lets nobody in ends the work.
 * @param onMissed is told that a value could not be saved
 */
export function createBackgroundSaver<T>(
  save: (value: T) => Promise<void>,
  onMissed: (error: unknown) => void,
): BackgroundSaver<T> {
  let waiting: { readonly value: T } | undefined;
  let saving: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const saveAll = async () => {
    for (let next = waiting; next; next = waiting) {
      waiting = undefined;
      try {
        await save(next.value);
      } catch (error) {
        if (mayPass(error)) onMissed(error);
        else failure = { error };
      }
    }
    saving = undefined;
  };

  return {
    offer(value) {
      if (failure) throw failure.error;
      waiting = { value };
      saving ??= saveAll();
    },
    async settle() {
      await saving;
    },
  };
}

function mayPass(error: unknown): boolean {
  return isStoreAway(error) || (error instanceof ArtifactStoreError && error.reason === "failed");
}

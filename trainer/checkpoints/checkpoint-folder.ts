import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { hexOf, type Digest } from "@updraft/contracts/digest";
import { messageOf } from "@updraft/contracts/message-of";
import {
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
} from "./checkpoint-file.ts";

/** How many are kept: the latest, and the one before in case the latest is damaged. */
const kept = 2;

/** The checkpoints of one training. */
export interface CheckpointFolder {
  /** Address, for people. */
  readonly uri: string;
  /** The latest that is whole; those after it, which are damaged, are removed. */
  latest(): Promise<Checkpoint | undefined>;
  /** Writes one and removes all but the latest two. */
  save(checkpoint: Checkpoint): Promise<void>;
  remove(): Promise<void>;
}

/**
 * The checkpoints of a training in a store: `checkpoints/<model>/<key>/epoch-00012.bin`.
 * @param key see `runKey`
 * @param onDamaged is told of each one that is refused
 */
export function checkpointFolder(
  store: ArtifactStore,
  model: string,
  key: Digest,
  onDamaged: (message: string) => void,
): CheckpointFolder {
  const folder = `${checkpointsOf(model)}/${hexOf(key)}`;
  const newestFirst = async () => (await store.list(folder)).map(({ path }) => path).toReversed();
  return {
    uri: store.uriOf(folder),

    async latest() {
      for (const path of await newestFirst()) {
        try {
          return checked(decodeCheckpoint(await store.read(path)), key);
        } catch (error) {
          if (!(error instanceof CheckpointError)) throw error;
          onDamaged(`the checkpoint ${store.uriOf(path)} is not used: ${messageOf(error)}`);
          await store.remove(path);
        }
      }
      return undefined;
    },

    async save(checkpoint) {
      const epoch = checkpoint.state.progress.epochs.length;
      await store.write(`${folder}/${fileName(epoch)}`, encodeCheckpoint(checkpoint));
      for (const path of (await newestFirst()).slice(kept)) await store.remove(path);
    },

    remove: () => store.remove(folder),
  };
}

/** Where the checkpoints of a model lie, a folder for each training. */
export function checkpointsOf(model: string): string {
  return `checkpoints/${model}`;
}

/** Sorts as the epochs do, of which there are at most 10,000. */
function fileName(epoch: number): string {
  return `epoch-${String(epoch).padStart(5, "0")}.bin`;
}

function checked(checkpoint: Checkpoint, key: Digest): Checkpoint {
  if (checkpoint.key === key) return checkpoint;
  throw new CheckpointError(`it is one of another training, ${checkpoint.key}`);
}

import { buffer } from "node:stream/consumers";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { CheckpointError, savedAt } from "./checkpoint-file.ts";
import { checkpointsOf } from "./checkpoint-folder.ts";

/** How long a training that nobody went on with keeps its checkpoints, in milliseconds. */
const keptForMs = 14 * 24 * 60 * 60 * 1000;

/**
 * Removes the checkpoints of trainings that were given up: their code, data or settings have
 * changed since, so that nobody will go on with them.
 * @param now in milliseconds since 1970
 * @returns the addresses of those that were removed
 */
export async function removeStaleCheckpoints(
  store: ArtifactStore,
  model: string,
  now: number,
): Promise<string[]> {
  const removed: string[] = [];
  for (const { name } of await store.entries(checkpointsOf(model))) {
    const folder = `${checkpointsOf(model)}/${name}`;
    const [latest] = (await store.list(folder)).toReversed();
    if (latest === undefined || now - (await timeOf(store, latest.path)) <= keptForMs) continue;
    await store.remove(folder);
    removed.push(store.uriOf(folder));
  }
  return removed;
}

/** When it was saved, in milliseconds since 1970; of one that is damaged, long ago. */
async function timeOf(store: ArtifactStore, path: string): Promise<number> {
  const read = async (start: number, end: number) =>
    buffer(await store.readStream(path, { start, end }));
  try {
    return await savedAt(read);
  } catch (error) {
    if (error instanceof CheckpointError) return 0;
    throw error;
  }
}

import { once } from "node:events";
import { Worker } from "node:worker_threads";

/**
 * The JavaScript of TypeScript files, line for line: types become blanks. It is done in a thread of
 * its own, so that the tracker goes on answering and what it took is given back.
 * @throws if a file is not there, or has syntax that is more than types
 */
export async function stripTypes(files: readonly string[]): Promise<string[]> {
  const worker = new Worker(new URL("strip-types-worker.ts", import.meta.url), {
    workerData: files,
  });
  // An error in the thread comes as the event `error`, which rejects this.
  const [stripped] = (await once(worker, "message")) as [string[]];
  return stripped;
}

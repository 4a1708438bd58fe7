import { Worker } from "node:worker_threads";
import { messageOf } from "@updraft/contracts/message-of";
import { networkFormat } from "@updraft/contracts/model-package";
import type { Examples } from "@updraft/models/dataset";
import type { SerializedNetwork } from "../packaging/serialize.ts";
import type { ServingTask } from "./serving-worker.ts";

/** How quick a network is where it will serve. */
export interface ServingSpeed {
  /** Median of the time to answer one instance, in milliseconds. */
  readonly latencyP50Ms: number;
  /** 95th percentile of the same. */
  readonly latencyP95Ms: number;
  /** Instances answered in a second, in batches of 32. */
  readonly throughputPerSecond: number;
}

/** What the engine has measured, each answer by itself. */
export interface ServingTimes {
  readonly singleMs: readonly number[];
  readonly batchMs: readonly number[];
  readonly batchSize: number;
}

/** Instances that answers are timed with. */
const mostInstances = 256;

/**
 * Times a network in the engine that the server has, tfjs' WebAssembly backend, in a thread of its
 * own. It takes about a second.
 * @param shape of one input, without the batch
 * @throws if that engine cannot run the network, which then could not be served
 * @see decisions/010-webassembly-answers-single-requests.md
 */
export async function servingSpeed(
  network: SerializedNetwork,
  shape: readonly number[],
  { inputs, count }: Pick<Examples, "inputs" | "count">,
  signal: AbortSignal,
): Promise<ServingSpeed> {
  const some = Math.min(count, mostInstances);
  const task: ServingTask = {
    network,
    format: networkFormat(network),
    shape,
    inputs: Float32Array.from(inputs.subarray(0, (inputs.length / count) * some)),
  };
  const { singleMs, batchMs, batchSize } = await timesIn(task, signal);
  return {
    latencyP50Ms: percentile(singleMs, 0.5),
    latencyP95Ms: percentile(singleMs, 0.95),
    throughputPerSecond: (1000 * batchSize) / percentile(batchMs, 0.5),
  };
}

/** The smallest value that at least a share of all values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

async function timesIn(task: ServingTask, signal: AbortSignal): Promise<ServingTimes> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./serving-worker.ts", import.meta.url), { workerData: task });
  const { promise, resolve, reject } = Promise.withResolvers<ServingTimes>();
  const cancel = () => reject(signal.reason);
  signal.addEventListener("abort", cancel, { once: true });
  worker.once("message", resolve);
  worker.once("error", (error) =>
    reject(
      new Error(
        `the engine that serves (WebAssembly) cannot run the network: ${messageOf(error)}`,
        {
          cause: error,
        },
      ),
    ),
  );
  worker.once("exit", (code) => reject(new Error(`the timing ended with ${code} and no result`)));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", cancel);
    await worker.terminate();
  }
}

import { parentPort } from "node:worker_threads";
import { messageOf } from "@updraft/contracts/message-of";
import type { Reply, Task } from "./batch-thread.ts";
import type { Network } from "./engine.ts";
import { createWasmEngine } from "./wasm-engine.ts";

// The other thread of `batch-thread.ts`: loads networks, and answers batches one after another.
const port = parentPort;
if (!port) throw new Error("batch-worker.ts is started by batch-thread.ts, as a thread");

const engine = createWasmEngine();
const networks = new Map<number, Network>();

port.on("message", async (task: Task) => {
  if (task.do === "dispose") {
    networks.get(task.network)?.dispose();
    networks.delete(task.network);
    return;
  }
  const { call } = task;
  try {
    const answers = await perform(task);
    const reply: Reply = answers ? { call, answers } : { call };
    port.postMessage(reply);
  } catch (error) {
    port.postMessage({ call, problem: messageOf(error) } satisfies Reply);
  }
});

async function perform(task: Exclude<Task, { do: "dispose" }>): Promise<Float32Array | undefined> {
  if (task.do === "load") {
    networks.set(task.network, await (await engine).load(task.content));
    return undefined;
  }
  const network = networks.get(task.network);
  if (!network) throw new Error(`there is no network ${task.network} in this thread`);
  return network.predict(task.batch, task.size);
}

import { availableParallelism } from "node:os";
import { BatchThread } from "./batch-thread.ts";
import type { Engine, EngineName } from "./engine.ts";
import { onTwoThreads } from "./two-threads.ts";
import { createWasmEngine } from "./wasm-engine.ts";

/**
 * Starts an engine; a process has one.
 * @param onLoss told if an engine's other thread fails, without which it goes on
 * @throws if it is not installed
 */
export async function createEngine(
  name: EngineName,
  onLoss: (problem: string) => void,
): Promise<Engine> {
  if (name === "tfjs-node") {
    const { createTfjsNodeEngine } = await import("./tfjs-node-engine.ts");
    return createTfjsNodeEngine();
  }
  const engine = await createWasmEngine();
  // TensorFlow has threads of its own; WebAssembly computes in the one that calls it.
  return availableParallelism() > 1 ? onTwoThreads(engine, new BatchThread(), onLoss) : engine;
}

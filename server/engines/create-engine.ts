import type { Engine, EngineName } from "./engine.ts";
import { createWasmEngine } from "./wasm-engine.ts";

/**
 * Starts an engine; a process has one.
 * @throws if it is not installed
 */
export async function createEngine(name: EngineName): Promise<Engine> {
  if (name === "wasm") return createWasmEngine();
  const { createTfjsNodeEngine } = await import("./tfjs-node-engine.ts");
  return createTfjsNodeEngine();
}

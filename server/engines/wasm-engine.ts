import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { tfjsNetwork } from "./tfjs-network.ts";

/** tfjs with its WebAssembly kernels: one instance is answered quicker than by any native engine. */
export async function createWasmEngine(): Promise<Engine> {
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${dirname(entry)}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  return { name: "wasm", load: tfjsNetwork };
}

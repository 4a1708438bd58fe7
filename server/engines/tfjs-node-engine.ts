import util from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { tfjsNetwork } from "./tfjs-network.ts";

/** Not one of the server's dependencies: whoever wants it installs it, with its native library. */
const optionalPackage: string = "@tensorflow/tfjs-node";

/**
 * tfjs with TensorFlow's native library, where that is installed.
 * @throws if it is not, or does not fit this machine
 */
export async function createTfjsNodeEngine(): Promise<Engine> {
  // It prints what it found out about the processor to stderr, where our log is.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreRemovedFunctions();
  try {
    await import(optionalPackage);
  } catch (error) {
    throw new Error(
      `SERVER_ENGINE is tfjs-node, and ${optionalPackage} with its native library cannot be loaded; install it, or set SERVER_ENGINE=wasm`,
      { cause: error },
    );
  }
  await tf.setBackend("tensorflow");
  await tf.ready();
  return { name: "tfjs-node", load: tfjsNetwork };
}

/** tfjs-node 4.22 calls functions of `node:util` that Node 23 removed or warns about. */
function restoreRemovedFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value == null,
    isArray: Array.isArray,
  });
}

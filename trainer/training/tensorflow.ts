import util from "node:util";

/**
 * Loads tfjs with TensorFlow's native library as its backend. Whoever imports `@tensorflow/tfjs`
 * afterwards computes with it.
 * @throws if the library is not there or does not fit this machine
 */
export async function loadTensorflow(): Promise<void> {
  // The library prints what it found out about the processor to stderr, where our log is.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreRemovedFunctions();
  try {
    await import("@tensorflow/tfjs-node");
  } catch (error) {
    throw new Error(
      "TensorFlow's native library is not set up for this checkout; `node toolchain/main.js setup` does that",
      { cause: error },
    );
  }
}

/** tfjs-node 4.22 calls functions of `node:util` that Node 23 removed or warns about. */
function restoreRemovedFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value == null,
    isArray: Array.isArray,
  });
}

import util from "node:util";
import {
  acceleratorFor,
  packagesFor,
  tensorflowVariables,
  type Accelerator,
  type WantedAccelerator,
} from "./accelerator.ts";

/**
 * Loads tfjs with TensorFlow's native library as its backend. Whoever imports `@tensorflow/tfjs`
 * afterwards computes with it.
 * @returns what computes
 * @throws {NoGpuError} if a GPU is asked for and there is none that can be used
 * @throws if the library is not there or does not fit this machine
 */
export async function loadTensorflow(wanted: WantedAccelerator = "auto"): Promise<Accelerator> {
  for (const [name, value] of Object.entries(tensorflowVariables)) {
    process.env[name] ??= value;
  }
  if (wanted === "cpu") process.env["CUDA_VISIBLE_DEVICES"] = "-1";
  restoreRemovedFunctions();
  await importFirst(packagesFor(wanted));
  const { quicken } = await import("./engine/quicken.ts");
  quicken();
  return acceleratorFor(wanted, (await usedAccelerator()) === "gpu");
}

/** What computes, once TensorFlow is loaded. */
export async function usedAccelerator(): Promise<Accelerator> {
  const { backend } = await import("@tensorflow/tfjs");
  const own: unknown = backend();
  const usesGpu =
    typeof own === "object" &&
    own !== null &&
    "isUsingGpuDevice" in own &&
    own.isUsingGpuDevice === true;
  return usesGpu ? "gpu" : "cpu";
}

/** Imports the first package that is installed. */
async function importFirst(packages: readonly string[]): Promise<void> {
  const problems: unknown[] = [];
  for (const name of packages) {
    try {
      await import(name);
      return;
    } catch (error) {
      // Of the one that is installed, what is wrong with it is worth knowing.
      if (isInstalled(name)) problems.unshift(error);
      else problems.push(error);
    }
  }
  throw new Error(
    "TensorFlow's native library is not set up for this checkout; `node toolchain/main.js setup` does that",
    { cause: problems[0] },
  );
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** tfjs-node 4.22 calls functions of `node:util` that Node 23 removed or warns about. */
function restoreRemovedFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value == null,
    isArray: Array.isArray,
  });
}

import { existsSync } from "node:fs";

/** What may be asked for. */
export const accelerators = ["auto", "cpu", "gpu"] as const;
export type WantedAccelerator = (typeof accelerators)[number];

/** What computes. */
export type Accelerator = Exclude<WantedAccelerator, "auto">;

/** A GPU was asked for, and there is none that can be used. */
export class NoGpuError extends Error {
  override readonly name = "NoGpuError";
}

/** Devices by which NVIDIA's driver, and that of Windows below Linux, can be told to be there. */
const driverDevices = ["/dev/nvidiactl", "/dev/dxg"];

/** Packages that are looked for, the best one first. */
export function packagesFor(wanted: WantedAccelerator): readonly string[] {
  const packages = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
  return wanted === "cpu" ? packages.toReversed() : packages;
}

/**
 * Variables that TensorFlow reads when it is loaded; what is set already stays.
 * @see https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
 */
export const tensorflowVariables: Readonly<Record<string, string>> = {
  // It prints what it found out about the processor to stderr, where our log is.
  TF_CPP_MIN_LOG_LEVEL: "2",
  // A GPU adds up in the order that its threads happen to end; this takes the order from them.
  TF_DETERMINISTIC_OPS: "1",
  // Otherwise it takes all memory of the GPU at once, also from whoever shares it.
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
};

/**
 * What computes, where it is what was wanted.
 * @param usesGpu whether TensorFlow has found a GPU
 * @throws {NoGpuError} with what can be done about it
 */
export function acceleratorFor(
  wanted: WantedAccelerator,
  usesGpu: boolean,
  hasDriver = driverDevices.some((path) => existsSync(path)),
): Accelerator {
  if (usesGpu) return "gpu";
  if (wanted !== "gpu") return "cpu";
  const reason = hasDriver
    ? "there is a GPU here, but TensorFlow cannot use it: it is built for processors only, or does not find CUDA; use the trainer's image for GPUs (target gpu of trainer/Dockerfile), or install @tensorflow/tfjs-node-gpu with its CUDA libraries"
    : "there is no NVIDIA GPU here, or a container was not given it; start it with --gpus all, or ask for nvidia.com/gpu in a cluster";
  throw new NoGpuError(
    `TRAINER_ACCELERATOR gpu: ${reason}. To train without a GPU, set it to auto or cpu.`,
  );
}

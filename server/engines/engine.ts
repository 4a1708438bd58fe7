import type { LoadedPackage } from "@updraft/contracts/model-package";

/** A network that is ready to answer. */
export interface Network {
  /**
   * Answers a batch.
   * @param batch all instances one after another, flattened row-major, float32
   * @param size how many instances there are
   * @returns the first output, flattened the same way
   */
  predict(batch: Float32Array, size: number): Promise<Float32Array>;
  /** Frees what the network holds. */
  dispose(): void;
}

/** Runs networks. */
export interface Engine {
  readonly name: string;
  load(content: LoadedPackage): Promise<Network>;
}

/** What runs networks, by the names that settings have for it. */
export const engineNames = ["wasm", "tfjs-node"] as const;
export type EngineName = (typeof engineNames)[number];

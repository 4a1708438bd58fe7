import type { LoadedPackage } from "@updraft/contracts/model-package";

/** What a network takes that computes elsewhere, while requests are still read here. */
export interface Pipeline {
  /** How many batches may be under way at once. */
  readonly batches: number;
  /** Instances that are enough for a batch; half of them, where none is under way. */
  readonly size: number;
}

/** A network that is ready to answer. */
export interface Network {
  /** Without one, batches run one after another, each of all that waits. */
  readonly pipeline?: Pipeline | undefined;
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

import type { IdxPair } from "../formats/idx.ts";

/** Rows and columns of a digit. */
export const imageSize = [28, 28] as const;

/** Names under which MNIST's training digits are published. */
export const trainFiles: IdxPair = {
  images: "train-images-idx3-ubyte",
  labels: "train-labels-idx1-ubyte",
};

/** Names under which MNIST's test digits are published. */
export const testFiles: IdxPair = {
  images: "t10k-images-idx3-ubyte",
  labels: "t10k-labels-idx1-ubyte",
};

import { quickenConvolution } from "./quick-convolution.ts";
import { quickenMaxPool } from "./quick-max-pool.ts";
import { quickenRelu } from "./quick-relu.ts";

let isDone = false;

/** Has TensorFlow's quicker operations take the place of those that tfjs-node takes. */
export function quicken(): void {
  if (isDone) return;
  isDone = true;
  quickenRelu();
  quickenConvolution();
  quickenMaxPool();
}

import { nativeOps } from "./native-ops.ts";
import { oneDnnOps } from "./one-dnn.ts";
import { quickenConvolution } from "./quick-convolution.ts";
import { quickenMaxPool } from "./quick-max-pool.ts";
import { quickenRelu } from "./quick-relu.ts";

let isDone = false;

/** Has TensorFlow's quicker operations take the place of those that tfjs-node takes. */
export function quicken(): void {
  if (isDone) return;
  isDone = true;
  const ops = nativeOps();
  if (ops) quickenRelu(ops);
  const oneDnn = oneDnnOps();
  if (!oneDnn) return;
  quickenConvolution(oneDnn);
  quickenMaxPool(oneDnn);
}

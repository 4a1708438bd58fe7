import * as tf from "@tensorflow/tfjs";
import type { NativeOps } from "../engine/native-ops.ts";
import { storedTensor, tensorOf } from "../training-state.ts";
import type { AdamOptions } from "./adam.ts";
import type { Optimizer, Trained, WeightDecay } from "./optimizer.ts";

/** Names what TensorFlow keeps, once in this process. */
let resources = 0;

/**
 * Adam by TensorFlow's own operation, which goes through the weights once, where tfjs makes it of
 * fourteen.
 * @see https://www.tensorflow.org/api_docs/python/tf/raw_ops/ResourceApplyAdam
 */
export function nativeAdam(
  ops: NativeOps,
  trained: readonly Trained[],
  options: AdamOptions,
  decay: WeightDecay,
): Optimizer {
  const slots = trained.map((one) => slotOf(ops, one, decay));
  let steps = 0;
  return {
    step(gradients, learningRate) {
      steps += 1;
      tf.tidy(() => {
        const scalars = scalarsOf(options, steps, learningRate);
        for (const [index, slot] of slots.entries()) {
          const gradient = gradients[index];
          if (!gradient) throw new Error(`the weights ${slot.name} have no gradient`);
          move(ops, slot, gradient, { scalars, decay, learningRate });
        }
      });
    },
    save: () => ({
      steps,
      tensors: slots.flatMap(({ memories }) =>
        memories.map(({ name, resource }) => {
          const tensor = resource.read();
          const stored = storedTensor(name, tensor);
          tensor.dispose();
          return stored;
        }),
      ),
    }),
    restore(state) {
      tf.tidy(() => {
        for (const { variable, memories } of slots) {
          for (const { name, resource } of memories)
            resource.write(tensorOf(name, variable.shape, state.tensors));
        }
      });
      steps = state.steps;
    },
    dispose() {
      for (const { weights, memories } of slots)
        for (const { dispose } of [weights, ...memories.map(({ resource }) => resource)]) dispose();
    },
  };
}

/** A tensor that TensorFlow changes in place. */
interface Resource {
  readonly handle: tf.Tensor;
  read(): tf.Tensor;
  write(tensor: tf.Tensor): void;
  dispose(): void;
}

function createResource(ops: NativeOps, shape: readonly number[]): Resource {
  const dtype = ops.float32("dtype");
  resources += 1;
  const attributes = [
    dtype,
    ops.shape("shape", shape),
    ops.text("container", ""),
    ops.text("shared_name", `updraft-${resources}`),
  ];
  const handle = tf.keep(ops.tensor("VarHandleOp", attributes, []));
  return {
    handle,
    read: () => ops.tensor("ReadVariableOp", [dtype], [handle]),
    write: (tensor) => ops.run("AssignVariableOp", [dtype], [handle, tensor]),
    dispose() {
      ops.run("DestroyResourceOp", [], [handle]);
      handle.dispose();
    },
  };
}

/** Weights, and what Adam remembers of them. */
interface Slot extends Trained {
  readonly decays: boolean;
  readonly weights: Resource;
  readonly memories: readonly { readonly name: string; readonly resource: Resource }[];
}

function slotOf(ops: NativeOps, { name, variable }: Trained, { share }: WeightDecay): Slot {
  const memory = (of: string) => {
    const resource = createResource(ops, variable.shape);
    tf.tidy(() => resource.write(tf.zerosLike(variable)));
    return { name: `optimizer/${of}/${name}`, resource };
  };
  return {
    name,
    variable,
    decays: share > 0 && variable.rank > 1,
    weights: createResource(ops, variable.shape),
    memories: [memory("mean"), memory("square")],
  };
}

function scalarsOf({ beta1, beta2, epsilon }: AdamOptions, steps: number, learningRate: number) {
  const start = beta2 ** steps;
  // TensorFlow adds it before it takes the start out of the root, Adam's authors after that.
  const early = epsilon * Math.sqrt(1 - start);
  return [beta1 ** steps, start, learningRate, beta1, beta2, early].map((value) =>
    tf.scalar(value),
  );
}

function move(
  ops: NativeOps,
  { variable, decays, weights, memories }: Slot,
  gradient: tf.Tensor,
  {
    scalars,
    decay,
    learningRate,
  }: {
    scalars: readonly tf.Tensor[];
    decay: WeightDecay;
    learningRate: number;
  },
): void {
  const pull = decays && !decay.decoupled ? gradient.add(variable.mul(decay.share)) : gradient;
  // The variable stays what is true; TensorFlow copies it before it changes it.
  weights.write(variable);
  const handles = [weights, ...memories.map(({ resource }) => resource)].map(
    ({ handle }) => handle,
  );
  ops.run("ResourceApplyAdam", [ops.float32("T")], [...handles, ...scalars, pull]);
  const moved = weights.read();
  const kept = decays && decay.decoupled ? 1 - learningRate * decay.share : 1;
  variable.assign(kept === 1 ? moved : moved.mul(kept));
}

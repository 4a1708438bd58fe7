import * as tf from "@tensorflow/tfjs";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { Batch } from "./batches.ts";
import { adam } from "./optimizers/adam.ts";
import { createOptimizer, type Optimizer } from "./optimizers/optimizer.ts";

/** What a step says about its batch, before the weights changed. */
export interface StepResult {
  /** Mean cross-entropy. */
  readonly loss: number;
  /** How many answers were right. */
  readonly right: number;
}

/** Changes the weights of a network, batch by batch. */
export interface Stepper {
  readonly optimizer: Pick<Optimizer, "save" | "restore">;
  step(batch: Batch, learningRate: number): StepResult;
  dispose(): void;
}

/**
 * Trains a network on the cross-entropy of its logits: what goes into its last layer.
 * @throws if its last layer is no softmax
 */
export function createStepper(
  network: tf.LayersModel,
  { weightDecay, labelSmoothing }: TrainingHyperparameters,
): Stepper {
  const logitsOf = withoutSoftmax(network);
  const shape = network.inputs[0]?.shape.slice(1).map((size) => size ?? 1) ?? [];
  const classes = network.outputs[0]?.shape.at(-1) ?? 1;
  const trained = network.trainableWeights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as tf.Variable,
  }));
  const variables = trained.map(({ variable }) => variable);
  // A second moment of 0.99 instead of 0.999 keeps up with a learning rate that changes fast.
  const rule = adam({ beta1: 0.9, beta2: 0.99, epsilon: 1e-7 });
  const optimizer = createOptimizer(trained, rule, { share: weightDecay, decoupled: true });

  return {
    optimizer,
    step(batch, learningRate) {
      const result = tf.tidy(() => {
        const inputs = tf.tensor(batch.inputs, [batch.count, ...shape]);
        const truth = tf.oneHot(tf.tensor1d(batch.labels, "int32"), classes);
        let logits: tf.Tensor | undefined;
        const { value, grads } = tf.variableGrads(() => {
          logits = tf.keep(logitsOf.apply(inputs, { training: true }) as tf.Tensor);
          return tf.losses.softmaxCrossEntropy(truth, logits, undefined, labelSmoothing);
        }, variables);
        const gradients = variables.flatMap(({ name }) => grads[name] ?? []);
        optimizer.step(gradients, learningRate);
        const right = countRight(logits?.dataSync() as Float32Array, batch.labels);
        logits?.dispose();
        return { loss: value.dataSync()[0] ?? Number.NaN, right };
      });
      return result;
    },
    dispose: () => optimizer.dispose(),
  };
}

function withoutSoftmax(network: tf.LayersModel): tf.LayersModel {
  const last = network.layers.at(-1);
  if (last?.getClassName() !== "Softmax") {
    throw new Error(
      `the last layer of ${network.name} is ${last?.getClassName()}; expected a softmax, which gives class probabilities`,
    );
  }
  return tf.model({ inputs: network.inputs, outputs: last.input, name: `${network.name}-logits` });
}

function countRight(logits: Float32Array, labels: Int32Array): number {
  const classes = logits.length / labels.length;
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    const own = values[label] ?? Number.NaN;
    if (values.every((value) => value <= own)) right += 1;
  }
  return right;
}

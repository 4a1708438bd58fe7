import * as tf from "@tensorflow/tfjs";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { Batch } from "./batches.ts";
import type { Objective } from "./objectives/objective.ts";
import { clipGradients } from "./optimizers/clip-gradients.ts";
import { optimizerOf } from "./optimizers/optimizer-of.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";

/** What a step says about its batch, before the weights changed. */
export interface StepResult {
  /** Mean over the batch. */
  readonly loss: number;
  /** How many answers were right, of a classifier. */
  readonly right: number;
}

/** Changes the weights of a network, batch by batch. */
export interface Stepper {
  readonly optimizer: Pick<Optimizer, "save" | "restore">;
  step(batch: Batch, learningRate: number): StepResult;
  dispose(): void;
}

/** Trains a network on an objective. */
export function createStepper(
  network: tf.LayersModel,
  { trained: part, loss, countRight }: Objective,
  hyperparameters: TrainingHyperparameters,
): Stepper {
  const shape = network.inputs[0]?.shape.slice(1).map((size) => size ?? 1) ?? [];
  const trained = network.trainableWeights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as tf.Variable,
  }));
  const variables = trained.map(({ variable }) => variable);
  const { clipNorm } = hyperparameters;
  const optimizer = optimizerOf(trained, hyperparameters);
  return {
    optimizer,
    step: (batch, learningRate) =>
      tf.tidy(() => {
        const inputs = tf.tensor(batch.inputs, [batch.count, ...shape]);
        let outputs: tf.Tensor | undefined;
        const { value, grads } = tf.variableGrads(() => {
          outputs = tf.keep(part.apply(inputs, { training: true }) as tf.Tensor);
          return loss(outputs, batch.labels);
        }, variables);
        const gradients = variables.flatMap((variable) => grads[variable.name] ?? []);
        optimizer.step(clipGradients(gradients, clipNorm), learningRate);
        const right = countRight?.(outputs?.dataSync() as Float32Array, batch.labels) ?? 0;
        outputs?.dispose();
        return { loss: value.dataSync()[0] ?? Number.NaN, right };
      }),
    dispose: () => optimizer.dispose(),
  };
}

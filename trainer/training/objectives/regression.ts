import * as tf from "@tensorflow/tfjs";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { validationLoss, type Objective } from "./objective.ts";

/** What a regressor's loss is made of. */
export type RegressionOptions = Pick<TrainingHyperparameters, "loss" | "huberDelta">;

/**
 * The mean over a network's outputs of what their errors cost.
 * @throws if its last layer is a softmax, whose outputs are shares of 1
 */
export function regression(network: tf.LayersModel, options: RegressionOptions): Objective {
  if (network.layers.at(-1)?.getClassName() === "Softmax") {
    throw new Error(
      `the last layer of ${network.name} is a softmax; the data has values in place of classes, so expected a linear layer`,
    );
  }
  const outputs = network.outputs[0]?.shape.at(-1) ?? 1;
  const { ofTensor, ofNumber } = costOf(options);
  return {
    trained: network,
    loss(answers, labels) {
      const truth = tf.tensor2d(labels, [labels.length / outputs, outputs]);
      return ofTensor(answers.sub(truth)).mean();
    },
    validate(answers, labels) {
      const losses = Array.from({ length: labels.length / outputs }, (_, row) => {
        let total = 0;
        for (let index = row * outputs; index < (row + 1) * outputs; index += 1)
          total += ofNumber((answers[index] ?? Number.NaN) - (labels[index] ?? 0));
        return total / outputs;
      });
      return { loss: validationLoss(losses) };
    },
  };
}

/** What an error costs, in the engine and outside of it. */
interface Cost {
  readonly ofTensor: (error: tf.Tensor) => tf.Tensor;
  readonly ofNumber: (error: number) => number;
}

function costOf({ loss, huberDelta = 1 }: RegressionOptions): Cost {
  if (loss === "meanAbsoluteError") {
    return { ofTensor: (error) => error.abs(), ofNumber: Math.abs };
  }
  if (loss === "meanSquaredError") {
    return { ofTensor: (error) => error.square(), ofNumber: (error) => error ** 2 };
  }
  // Half the square up to delta, and from there on a line of the same slope.
  return {
    ofTensor(error) {
      const size = error.abs();
      const squared = size.minimum(huberDelta);
      return squared.square().mul(0.5).add(size.sub(squared).mul(huberDelta));
    },
    ofNumber(error) {
      const size = Math.abs(error);
      const squared = Math.min(size, huberDelta);
      return 0.5 * squared ** 2 + (size - squared) * huberDelta;
    },
  };
}

import type * as tf from "@tensorflow/tfjs";
import type { Labels } from "@updraft/models/dataset";
import {
  classifierLosses,
  regressorLosses,
  type TrainingHyperparameters,
} from "@updraft/models/hyperparameters";
import { balancedWeights } from "./balanced-weights.ts";
import { classification } from "./classification.ts";
import type { Objective } from "./objective.ts";
import { regression } from "./regression.ts";

/**
 * The objective that labels ask for: classes are told apart, values are estimated.
 * @param labels of the examples that are trained on
 * @throws if the loss is for the other kind of labels, or the network gives something else
 */
export function objectiveOf(
  network: tf.LayersModel,
  labels: Labels,
  hyperparameters: TrainingHyperparameters,
): Objective {
  const { loss, classWeights } = hyperparameters;
  if (labels instanceof Int32Array) {
    requireLoss(loss, classifierLosses, "classes");
    const classes = network.outputs[0]?.shape.at(-1) ?? 1;
    return classification(network, {
      ...hyperparameters,
      classWeights: classWeights === "balanced" ? balancedWeights(labels, classes) : undefined,
    });
  }
  requireLoss(loss, regressorLosses, "values");
  return regression(network, hyperparameters);
}

function requireLoss(loss: string, known: readonly string[], labels: string): void {
  if (known.includes(loss)) return;
  throw new Error(
    `loss ${loss}: the data is labelled with ${labels}; expected one of ${known.join(", ")}`,
  );
}

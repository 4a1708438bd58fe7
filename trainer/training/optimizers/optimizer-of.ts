import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { nativeOps } from "../engine/native-ops.ts";
import { nativeAdam } from "./native-adam.ts";
import { createOptimizer, type Optimizer, type Trained } from "./optimizer.ts";
import { ruleOf } from "./rules.ts";

/** The optimizer that hyperparameters name, by the quickest way that this machine has. */
export function optimizerOf(
  trained: readonly Trained[],
  hyperparameters: TrainingHyperparameters,
): Optimizer {
  const { optimizer, weightDecay: share } = hyperparameters;
  const decay = { share, decoupled: optimizer === "adamw" };
  const ops = nativeOps();
  // On a GPU it has not been tried.
  if (ops && !ops.onGpu && (optimizer === "adam" || optimizer === "adamw")) {
    return nativeAdam(ops, trained, hyperparameters, decay);
  }
  return createOptimizer(trained, ruleOf(hyperparameters), decay);
}

import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import { adam, running } from "./adam.ts";
import type { Rule } from "./rule.ts";

/** The rule that hyperparameters name. */
export function ruleOf(
  hyperparameters: Pick<
    TrainingHyperparameters,
    "optimizer" | "momentum" | "beta1" | "beta2" | "epsilon"
  >,
): Rule {
  const { optimizer, momentum: kept, beta2, epsilon } = hyperparameters;
  if (optimizer === "sgd") return descent;
  if (optimizer === "momentum") return momentum(kept);
  if (optimizer === "rmsprop") return rmsProp(beta2, epsilon);
  return adam(hyperparameters);
}

/** Stochastic gradient descent: against the gradient. */
const descent: Rule = {
  memories: [],
  apply: (gradient, _, { learningRate }) => ({
    change: gradient.mul(-learningRate),
    memories: [],
  }),
};

/** Descent that keeps a share of its last move. */
function momentum(kept: number): Rule {
  return {
    memories: ["velocity"],
    apply(gradient, [velocity], { learningRate }) {
      const next = velocity ? velocity.mul(kept).add(gradient) : gradient;
      return { change: next.mul(-learningRate), memories: [next] };
    },
  };
}

/**
 * The gradient, divided by the root of the running mean of its squares.
 * @see https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf
 */
function rmsProp(kept: number, epsilon: number): Rule {
  return {
    memories: ["square"],
    apply(gradient, [square], { learningRate }) {
      const next = running(square, gradient.square(), kept);
      return {
        change: gradient.div(next.sqrt().add(epsilon)).mul(-learningRate),
        memories: [next],
      };
    },
  };
}

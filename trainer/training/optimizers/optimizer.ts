import * as tf from "@tensorflow/tfjs";
import { storedTensor, tensorOf, type StoredTensor } from "../training-state.ts";
import type { Rule, Step } from "./rule.ts";

/** Changes weights, step by step. */
export interface Optimizer {
  /** @param gradients one for each of the weights, in their order */
  step(gradients: readonly tf.Tensor[], learningRate: number): void;
  save(): OptimizerState;
  /** @throws if it is the state of other weights or of another rule */
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** What an optimizer remembers. */
export interface OptimizerState {
  /** Those that are done. */
  readonly steps: number;
  /** Named `optimizer/<memory>/<weight>`. */
  readonly tensors: readonly StoredTensor[];
}

/** Weights that are trained. */
export interface Trained {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** What happens to kernels beside what their gradients ask for: weights of one axis are left out. */
export interface WeightDecay {
  /** Share of the learning rate by which they shrink in each step. */
  readonly share: number;
  /** Whether it stands apart from the gradients, or goes through the rule with them. */
  readonly decoupled: boolean;
}

/** An optimizer that follows a rule. */
export function createOptimizer(
  trained: readonly Trained[],
  rule: Rule,
  decay: WeightDecay,
): Optimizer {
  const slots = trained.map((one) => slotOf(one, rule, decay));
  const memories = slots.flatMap((slot) => slot.memories);
  let steps = 0;
  return {
    step(gradients, learningRate) {
      steps += 1;
      tf.tidy(() => {
        for (const [index, slot] of slots.entries()) {
          const gradient = gradients[index];
          if (!gradient) throw new Error(`the weights ${slot.name} have no gradient`);
          move(slot, gradient, { rule, decay, step: { number: steps, learningRate } });
        }
      });
    },
    save: () => ({
      steps,
      tensors: memories.map(({ name, variable }) => storedTensor(name, variable)),
    }),
    restore(state) {
      tf.tidy(() => {
        for (const { name, variable } of memories) {
          variable.assign(tensorOf(name, variable.shape, state.tensors));
        }
      });
      steps = state.steps;
    },
    dispose: () => tf.dispose(memories.map(({ variable }) => variable)),
  };
}

/** Weights, and what the rule remembers of them. */
interface Slot extends Trained {
  readonly decays: boolean;
  readonly memories: readonly Trained[];
}

function slotOf({ name, variable }: Trained, rule: Rule, { share }: WeightDecay): Slot {
  return {
    name,
    variable,
    decays: share > 0 && variable.rank > 1,
    memories: rule.memories.map((memory) => ({
      name: `optimizer/${memory}/${name}`,
      variable: tf.tidy(() => tf.zerosLike(variable).variable(false)),
    })),
  };
}

function move(
  { variable, decays, memories }: Slot,
  gradient: tf.Tensor,
  { rule, decay, step }: { rule: Rule; decay: WeightDecay; step: Step },
): void {
  const old = memories.map((memory) => memory.variable);
  const pull = decays && !decay.decoupled ? gradient.add(variable.mul(decay.share)) : gradient;
  const { change, memories: next } = rule.apply(pull, old, step);
  for (const [index, memory] of old.entries()) memory.assign(next[index] ?? memory);
  const moved = change.add(variable);
  const kept = decays && decay.decoupled ? 1 - step.learningRate * decay.share : 1;
  variable.assign(kept === 1 ? moved : moved.mul(kept));
}

import {
  trainingHyperparameters,
  type TrainingHyperparameters,
} from "@updraft/models/hyperparameters";
import { describe, expect, it } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");
const { createOptimizer } = await import("./optimizer.ts");
const { optimizerOf } = await import("./optimizer-of.ts");
const { ruleOf } = await import("./rules.ts");
const { clipGradients } = await import("./clip-gradients.ts");

const hyperparameters = trainingHyperparameters({
  epochs: 1,
  batchSize: 1,
  learningRate: 0.1,
  warmUp: 0,
  weightDecay: 0,
  patience: 1,
}).parse({ beta2: 0.999, epsilon: 1e-7 });

/** A kernel of ones and a bias of zeros after steps with the gradients 1, 2, 3 … for both. */
function moved(changes: Partial<TrainingHyperparameters>, steps = 3) {
  const kernel = tf.variable(tf.ones([1, 1]));
  const bias = tf.variable(tf.zeros([1]));
  const trained = [
    { name: "kernel", variable: kernel },
    { name: "bias", variable: bias },
  ];
  const optimizer = optimizerOf(trained, { ...hyperparameters, ...changes });
  for (let step = 1; step <= steps; step += 1) {
    tf.tidy(() => optimizer.step([tf.tensor([[step]]), tf.tensor([step])], 0.1));
  }
  const result = [kernel, bias].map((one) => Number(one.dataSync()[0]?.toFixed(5)));
  optimizer.dispose();
  tf.dispose([kernel, bias]);
  return result;
}

/** The same by arithmetic: what Adam makes of the gradients 1, 2, 3. */
function adamByHand(): number {
  let [mean, square, weight] = [0, 0, 0];
  for (const gradient of [1, 2, 3]) {
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient ** 2;
    const root = Math.sqrt(square / (1 - 0.999 ** gradient));
    weight -= (0.1 * (mean / (1 - 0.9 ** gradient))) / (root + 1e-7);
  }
  return weight;
}

describe("the optimizers", () => {
  it("move weights against their gradients, each by its rule", () => {
    expect(moved({ optimizer: "sgd" })).toEqual([0.4, -0.6]);
    // 1, then 2 + 0.9 · 1, then 3 + 0.9 · 2.9
    expect(moved({ optimizer: "momentum" })).toEqual([0.049, -0.951]);
    // 1/√0.1 and 2/√(0.9 · 0.1 + 0.1 · 4)
    expect(moved({ optimizer: "rmsprop", beta2: 0.9 }, 2)).toEqual([0.39806, -0.60194]);
    const byAdam = adamByHand();
    const expected = [1 + byAdam, byAdam].map((value) => Number(value.toFixed(5)));
    expect(moved({ optimizer: "adam" })).toEqual(expected);
    expect(moved({ optimizer: "adamw" })).toEqual(expected);
  });

  it("let kernels decay, and nothing else, within the gradients or apart from them", () => {
    expect(moved({ optimizer: "sgd", weightDecay: 0.5 }, 1)).toEqual([0.85, -0.1]);
    // Adam's first step is as long as the learning rate, whatever the gradient is.
    expect(moved({ optimizer: "adam", weightDecay: 0.5 }, 1)).toEqual([0.9, -0.1]);
    expect(moved({ optimizer: "adamw", weightDecay: 0.5 }, 1)).toEqual([0.855, -0.1]);
  });

  it.each(["sgd", "momentum", "rmsprop", "adam"] as const)(
    "of which %s goes on where it was left, to the bit",
    (name) => {
      const variable = tf.variable(tf.tensor([1, 2]));
      const other = tf.variable(tf.tensor([1, 2]));
      const create = (weights: typeof variable) =>
        optimizerOf([{ name: "weights", variable: weights }], {
          ...hyperparameters,
          optimizer: name,
        });
      const step = (optimizer: ReturnType<typeof createOptimizer>, value: number) =>
        tf.tidy(() => optimizer.step([tf.tensor([value, -value / 3])], 0.01));
      const first = create(variable);
      for (const value of [0.3, -0.7]) step(first, value);
      const second = create(other);
      second.restore(first.save());
      tf.tidy(() => other.assign(variable.clone()));
      for (const value of [0.2, 0.5, 0.9]) {
        step(first, value);
        step(second, value);
      }
      expect(other.dataSync()).toEqual(variable.dataSync());
      first.dispose();
      second.dispose();
      tf.dispose([variable, other]);
    },
  );
});

/** Two gradients, which together are 5 long, after clipping. */
const clipped = (limit: number) =>
  tf.tidy(() =>
    clipGradients([tf.tensor([3]), tf.tensor([[0, 4]])], limit).map((one) =>
      [...one.dataSync()].map((value) => Number(value.toFixed(6))),
    ),
  );

it("does by TensorFlow's Adam what it does by tfjs's operations, up to rounding", () => {
  const gradients = [0.3, -0.7, 0.01, 2].map((value) => [value, -value / 3, 1e-3]);
  const moves = ["native", "composed"].map((way) => {
    const variable = tf.variable(tf.tensor([1, 2, 3]));
    const trained = [{ name: "weights", variable }];
    const optimizer =
      way === "native"
        ? optimizerOf(trained, hyperparameters)
        : createOptimizer(trained, ruleOf(hyperparameters), { share: 0, decoupled: true });
    for (const values of gradients) tf.tidy(() => optimizer.step([tf.tensor(values)], 0.01));
    const { tensors } = optimizer.save();
    optimizer.dispose();
    const result = [...variable.dataSync(), ...tensors.flatMap(({ values }) => [...values])];
    variable.dispose();
    return { names: tensors.map(({ name }) => name), result };
  });
  const [native, composed] = moves;
  expect(native?.names).toEqual(["optimizer/mean/weights", "optimizer/square/weights"]);
  expect(native?.names).toEqual(composed?.names);
  for (const [index, value] of (native?.result ?? []).entries())
    expect(value).toBeCloseTo(composed?.result[index] ?? Number.NaN, 5);
});

describe("clipGradients", () => {
  it("shortens all gradients by the same factor when together they are too long", () => {
    expect(clipped(1)).toEqual([[0.6], [0, 0.8]]);
  });

  it("leaves them when they are short enough, or when there is no limit", () => {
    expect(clipped(5)).toEqual([[3], [0, 4]]);
    expect(clipped(0)).toEqual([[3], [0, 4]]);
  });
});

import {
  regressionHyperparameters,
  trainingHyperparameters,
  type TrainingHyperparameters,
} from "@updraft/models/hyperparameters";
import type { Labels } from "@updraft/models/dataset";
import { describe, expect, it } from "vitest";
import { loadTensorflow } from "../tensorflow.ts";
import { balancedWeights } from "./balanced-weights.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");
const { objectiveOf } = await import("./objective-of.ts");

const defaults = {
  epochs: 1,
  batchSize: 1,
  learningRate: 0.1,
  warmUp: 0,
  weightDecay: 0,
  patience: 1,
};
const ofClasses: TrainingHyperparameters = trainingHyperparameters(defaults).parse({});
const ofValues: TrainingHyperparameters = regressionHyperparameters(defaults).parse({});

const dense = (units: number, name: string) =>
  tf.layers.dense({ units, name, ...(name === "first" ? { inputShape: [2] } : {}) });
const classifier = (classes: number) =>
  tf.sequential({ name: "classifier", layers: [dense(classes, "first"), tf.layers.softmax()] });
const regressor = (outputs: number) =>
  tf.sequential({ name: "regressor", layers: [dense(outputs, "first")] });

/** The loss of outputs, and what validation says of the answers that they are. */
function judged(
  network: ReturnType<typeof classifier>,
  hyperparameters: TrainingHyperparameters,
  {
    outputs,
    answers = outputs,
    labels,
  }: { outputs: number[][]; answers?: number[][]; labels: Labels },
) {
  const objective = objectiveOf(network, labels, hyperparameters);
  const loss = tf.tidy(() => objective.loss(tf.tensor2d(outputs), labels).dataSync()[0] ?? 0);
  const validation = objective.validate(Float32Array.from(answers.flat()), labels);
  return {
    loss: Number(loss.toFixed(5)),
    mean: Number(validation.loss.mean.toFixed(5)),
    standardError: Number(validation.loss.standardError.toFixed(5)),
    accuracy: validation.accuracy,
  };
}

describe("of classes", () => {
  // The logarithms of 1/4 and 3/4, and of 1/2 and 1/2, up to a constant each.
  const batch = {
    outputs: [
      [0, Math.log(3)],
      [2, 2],
    ],
    answers: [
      [0.25, 0.75],
      [0.5, 0.5],
    ],
    labels: Int32Array.of(0, 0),
  };
  const [quarter, half] = [-Math.log(0.25), -Math.log(0.5)];

  it("the loss is the cross-entropy, and validation says how sure it is", () => {
    expect(judged(classifier(2), ofClasses, batch)).toEqual({
      loss: Number(((quarter + half) / 2).toFixed(5)),
      mean: Number(((quarter + half) / 2).toFixed(5)),
      standardError: Number(((quarter - half) / 2).toFixed(5)),
      // Of two that are equal the first is the answer.
      accuracy: 0.5,
    });
  });

  it("smoothed labels count in training only", () => {
    const { loss, mean } = judged(classifier(2), { ...ofClasses, labelSmoothing: 0.2 }, batch);
    const smooth = (0.9 * quarter - 0.1 * Math.log(0.75) + half) / 2;
    expect([loss, mean]).toEqual(
      [smooth, (quarter + half) / 2].map((value) => Number(value.toFixed(5))),
    );
  });

  it("the focal loss looks away from what is likely already", () => {
    const focal = (quarter * 0.75 ** 2 + half * 0.5 ** 2) / 2;
    const changes = { loss: "focal", focalGamma: 2 } as const;
    expect(judged(classifier(2), { ...ofClasses, ...changes }, batch)).toMatchObject({
      loss: Number(focal.toFixed(5)),
      mean: Number(focal.toFixed(5)),
    });
    const none = { ...changes, focalGamma: 0 };
    expect(judged(classifier(2), { ...ofClasses, ...none }, batch).loss).toBe(
      judged(classifier(2), ofClasses, batch).loss,
    );
  });

  it.each(["crossEntropy", "focal"] as const)(
    "balanced classes count the same in %s, however many examples they have",
    (loss) => {
      const labels = Int32Array.of(0, 0, 0, 1);
      const outputs = [
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ];
      const one = (label: number) =>
        judged(
          classifier(2),
          { ...ofClasses, loss },
          { outputs: [[1, 0]], labels: Int32Array.of(label) },
        ).loss;
      const balanced = { ...ofClasses, loss, classWeights: "balanced" } as const;
      expect(judged(classifier(2), balanced, { outputs, labels }).loss).toBeCloseTo(
        (one(0) + one(1)) / 2,
        4,
      );
    },
  );

  it("the weights are 1 on average, and 0 of a class without examples", () => {
    expect(balancedWeights(Int32Array.of(0, 0, 0, 2), 3)).toEqual(Float32Array.of(2 / 3, 0, 2));
  });
});

describe("of values", () => {
  const batch = {
    outputs: [
      [1, 2],
      [0, -3],
    ],
    labels: Float32Array.of(1, 1.5, 0, 0),
  };

  it.each([
    ["meanSquaredError", 9.25 / 4, (9 / 2 - 0.25 / 2) / 2],
    ["meanAbsoluteError", 3.5 / 4, (3 / 2 - 0.5 / 2) / 2],
    // Half of 0.5², and half of 1 and twice 1.
    ["huber", (0.125 + 2.5) / 4, (2.5 / 2 - 0.125 / 2) / 2],
  ] as const)("the loss is the mean of %s over the outputs", (loss, mean, standardError) => {
    expect(judged(regressor(2), { ...ofValues, loss }, batch)).toEqual({
      loss: Number(mean.toFixed(5)),
      mean: Number(mean.toFixed(5)),
      standardError: Number(standardError.toFixed(5)),
      accuracy: undefined,
    });
  });
});

describe("what does not fit together", () => {
  it("is a loss of the other kind of labels", () => {
    expect(() => objectiveOf(regressor(1), Float32Array.of(1), ofClasses)).toThrow(
      "loss crossEntropy: the data is labelled with values; expected one of meanSquaredError, huber, meanAbsoluteError",
    );
    expect(() => objectiveOf(classifier(2), Int32Array.of(1), ofValues)).toThrow(
      "loss meanSquaredError: the data is labelled with classes; expected one of crossEntropy, focal",
    );
  });

  it("is a network that answers something else", () => {
    expect(() => objectiveOf(regressor(2), Int32Array.of(1), ofClasses)).toThrow(
      "the last layer of regressor is Dense; expected a softmax, which gives class probabilities",
    );
    expect(() => objectiveOf(classifier(2), Float32Array.of(1, 2), ofValues)).toThrow(
      "the last layer of classifier is a softmax; the data has values in place of classes, so expected a linear layer",
    );
  });
});

import {
  regressionHyperparameters,
  trainingHyperparameters,
  type TrainingHyperparameters,
} from "@updraft/models/hyperparameters";
import { describe, expect, it } from "vitest";
import {
  smallExamples,
  smallNetwork,
  smallRegressor,
  smallSums,
} from "../fixtures/small-network.ts";
import { deserialize, serialize } from "../packaging/serialize.ts";
import { fit, type Progress } from "./fit.ts";
import { loadTensorflow } from "./tensorflow.ts";
import type { TrainingState } from "./training-state.ts";

await loadTensorflow();
const { TrainingProgress } = await import("./training-state.ts");
const { default: tf } = await import("@tensorflow/tfjs");

const hyperparameters: TrainingHyperparameters = trainingHyperparameters({
  epochs: 4,
  batchSize: 16,
  learningRate: 0.02,
  warmUp: 0.25,
  weightDecay: 0.1,
  labelSmoothing: 0.05,
  patience: 4,
}).parse({});
const ofValues = regressionHyperparameters({
  epochs: 20,
  batchSize: 16,
  learningRate: 0.05,
  warmUp: 0.25,
  weightDecay: 0,
  patience: 20,
}).parse({ loss: "huber" });
const splits = { train: smallExamples(64), validation: smallExamples(20) };

const noise = (source: ArrayLike<number>, target: Float32Array, random: () => number) => {
  target.set(Array.from(source, (value) => value + 0.1 * random()));
};

function train({
  seed = 1,
  signal = new AbortController().signal,
  onProgress = () => {},
  validation = splits.validation,
  checkpoint,
  resumeFrom,
  batchNorm = false,
  ...changes
}: Partial<typeof hyperparameters> & {
  seed?: number;
  checkpoint?: (state: TrainingState) => Promise<void>;
  resumeFrom?: TrainingState;
  batchNorm?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  validation?: typeof splits.validation;
} = {}) {
  const network = smallNetwork(1, { dropout: 0.3, batchNorm });
  const options = {
    hyperparameters: { ...hyperparameters, ...changes },
    seed,
    signal,
    onProgress,
    ...(checkpoint ? { checkpoint } : {}),
    ...(resumeFrom ? { resumeFrom } : {}),
  };
  const history = fit(network, { ...splits, validation }, noise, options);
  const weights = () => network.getWeights().map((weight) => [...weight.dataSync()]);
  return { history, weights, network };
}

/** The states after each epoch, as JSON and bytes would bring them back. */
async function statesOf(changes: Parameters<typeof train>[0] = {}) {
  const states: TrainingState[] = [];
  const checkpoint = async ({ progress, tensors }: TrainingState) => {
    const text = JSON.stringify(progress);
    states.push({ progress: TrainingProgress.parse(JSON.parse(text)), tensors });
  };
  const whole = train({ ...changes, checkpoint });
  return { states, history: await whole.history, weights: whole.weights() };
}

describe("a training that goes on from a checkpoint", () => {
  it.each([
    ["one cycle of adamw", {}],
    ["batch norm", { batchNorm: true }],
    [
      "momentum on a plateau, clipped",
      {
        optimizer: "momentum",
        schedule: "reduceOnPlateau",
        decayEpochs: 1,
        clipNorm: 0.5,
        classWeights: "balanced",
      },
    ],
  ] as const)("ends as if it had never been interrupted, to the bit: %s", async (_, changes) => {
    const { states, history, weights } = await statesOf(changes);
    expect(states.map(({ progress }) => progress.epochs.length)).toEqual([1, 2, 3, 4]);
    for (const resumeFrom of states) {
      const resumed = train({ ...changes, resumeFrom });
      expect(await resumed.history).toEqual(history);
      expect(resumed.weights()).toEqual(weights);
    }
  });

  it("stops where it would have stopped early", async () => {
    const { validation } = splits;
    const reversed = { ...validation, labels: validation.labels.map((label) => 1 - label) };
    const changes = { epochs: 50, patience: 2, validation: reversed };
    const { states, history, weights } = await statesOf(changes);
    const last = states.at(-1);
    const resumed = train({ ...changes, ...(last ? { resumeFrom: last } : {}) });
    expect(await resumed.history).toEqual(history);
    expect(resumed.weights()).toEqual(weights);
  });

  it("says how fast it goes, not counting what was done before", async () => {
    const { states } = await statesOf();
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => seen.push(progress);
    const [, , third] = states;
    await train({ ...(third ? { resumeFrom: third } : {}), onProgress }).history;
    expect(seen.map(({ epoch, share }) => [epoch, share])).toEqual([
      [4, 0.25],
      [4, 0.5],
      [4, 0.75],
      [4, 1],
    ]);
    expect(seen[0]?.secondsLeft).toBeGreaterThan(0);
    expect(seen[3]?.secondsLeft).toBe(0);
  });

  it("refuses the state of another network", async () => {
    const { states } = await statesOf({ epochs: 1 });
    const [state] = states;
    const tensors = state?.tensors.filter(({ name }) => name !== "best/logits/kernel") ?? [];
    const resumeFrom = state && { ...state, tensors };
    await expect(train(resumeFrom ? { resumeFrom } : {}).history).rejects.toThrow(
      "the training's state has nothing as best/logits/kernel; expected [48, 2]: it belongs to another network or optimizer; train from the start",
    );
  });
});

describe("fit", () => {
  it("learns, and tells how each epoch went", async () => {
    const { epochs, bestEpoch } = await train().history;
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(epochs.at(-1)?.validationAccuracy).toBe(1);
    expect(epochs[3]?.validationLoss).toBeLessThan(epochs[0]?.validationLoss ?? 0);
    expect(epochs[3]?.loss).toBeLessThan(epochs[0]?.loss ?? 0);
    expect(epochs[3]?.learningRate).toBeLessThan(epochs[1]?.learningRate ?? 0);
    expect(bestEpoch).toBe(4);
  });

  it("gives the same weights to the bit for the same seed, and others for another", async () => {
    const results = [train(), train(), train({ seed: 2 })];
    await Promise.all(results.map(({ history }) => history));
    const [first, second, other] = results.map(({ weights }) => weights());
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("stops early and goes back to the best epoch when validation gets worse", async () => {
    const { validation } = splits;
    // With the labels the other way round, learning makes validation worse from the start.
    const reversed = { ...validation, labels: validation.labels.map((label) => 1 - label) };
    const { history } = train({ epochs: 50, patience: 3, validation: reversed });
    const { epochs, bestEpoch } = await history;
    expect(epochs.length - bestEpoch).toBe(3);
    expect(epochs.length).toBeLessThan(20);
  });

  it("reports its progress within an epoch and at its end", async () => {
    const seen: Progress[] = [];
    await train({ epochs: 2, onProgress: (progress) => seen.push(progress) }).history;
    expect(seen.map(({ epoch, share, result }) => [epoch, share, result?.epoch])).toEqual([
      [1, 0.25, undefined],
      [1, 0.5, undefined],
      [1, 0.75, undefined],
      [1, 1, 1],
      [2, 0.25, undefined],
      [2, 0.5, undefined],
      [2, 0.75, undefined],
      [2, 1, 2],
    ]);
    expect(seen.at(-1)?.secondsLeft).toBe(0);
    expect(seen.every(({ examplesPerSecond }) => examplesPerSecond > 0)).toBe(true);
  });

  it("ends with a word about the learning rate when the loss is no number any more", async () => {
    await expect(train({ learningRate: 1e30, warmUp: 0 }).history).rejects.toThrow(
      /^the loss is (NaN|Infinity) in epoch \d, step \d: training diverged; lower learningRate, which is 1e\+30, or set clipNorm, such as 1, which bounds gradients that explode$/,
    );
  });

  it("ends at once when it is cancelled", async () => {
    const controller = new AbortController();
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => {
      seen.push(progress);
      if (seen.length === 2) controller.abort();
    };
    await expect(train({ signal: controller.signal, onProgress }).history).rejects.toThrow(
      "The operation was aborted",
    );
    expect(seen).toHaveLength(2);
  });

  it("keeps the averages of batch norm, with the weights of the best epoch", async () => {
    const { history, network } = train({ batchNorm: true });
    await history;
    const [mean, variance] = ["moving_mean", "moving_variance"].map((name) => {
      const weight = network.weights.find((one) => one.originalName === `norm/${name}`);
      return [...(weight?.read().dataSync() ?? [])];
    });
    expect(mean?.every((value) => value !== 0)).toBe(true);
    expect(variance?.every((value) => value !== 1)).toBe(true);
    const loaded = await deserialize(await serialize(network));
    const image = tf.tensor(splits.validation.inputs, [20, 4, 4, 1]);
    const [before, after] = [network, loaded].map((one) =>
      tf.tidy(() => [...(one.predict(image) as typeof image).dataSync()]),
    );
    image.dispose();
    expect(after).toEqual(before);
  });

  it("estimates values where the labels are values, without an accuracy", async () => {
    const network = smallRegressor();
    const values = { train: smallSums(64), validation: smallSums(20) };
    const signal = new AbortController().signal;
    const shared = { seed: 1, signal, onProgress: () => {} };
    const options = { ...shared, hyperparameters: ofValues };
    const { epochs } = await fit(network, values, undefined, options);
    expect(epochs.at(-1)?.validationLoss).toBeLessThan(0.05);
    expect(Object.keys(epochs[0] ?? {})).toEqual([
      "epoch",
      "loss",
      "learningRate",
      "validationLoss",
    ]);
  });

  it("leaves no tensor behind but the network's weights", async () => {
    const before = tf.memory().numTensors;
    const { history, network } = train();
    await history;
    await expect(train({ signal: AbortSignal.abort() }).history).rejects.toThrow("aborted");
    expect(tf.memory().numTensors - before).toBe(2 * network.weights.length);
  });

  it("refuses a network that does not end with a softmax", async () => {
    const network = tf.sequential({ name: "open", layers: smallNetwork().layers.slice(0, -1) });
    const options = {
      hyperparameters,
      seed: 1,
      signal: new AbortController().signal,
      onProgress: () => {},
    };
    await expect(fit(network, splits, undefined, options)).rejects.toThrow(
      "the last layer of open is Dense; expected a softmax, which gives class probabilities",
    );
  });
});

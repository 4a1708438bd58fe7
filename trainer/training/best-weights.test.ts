import { expect, it } from "vitest";
import { smallNetwork } from "../fixtures/small-network.ts";
import { createBestWeights } from "./best-weights.ts";
import { loadTensorflow } from "./tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");

/** Offers the losses epoch by epoch, the network's weights being the epoch. */
function offerAll(losses: readonly (readonly [mean: number, standardError: number])[]) {
  const network = smallNetwork();
  const best = createBestWeights(network);
  const ages = losses.map(([mean, standardError], index) => {
    network.setWeights(network.getWeights().map((weight) => tf.fill(weight.shape, index + 1)));
    best.offer(index + 1, { mean, standardError });
    return best.age(index + 1);
  });
  const epoch = best.restore();
  const weight = network.getWeights()[0]?.dataSync()[0];
  best.dispose();
  return { ages, epoch, weight };
}

it("gives back the weights of the latest epoch that cannot be told from the lowest loss", () => {
  const losses = [
    [0.5, 0.05],
    [0.2, 0.03],
    [0.22, 0.9],
    [0.24, 0.9],
    [0.23, 0.9],
    [0.231, 0.9],
  ] as const;
  expect(offerAll(losses)).toEqual({ ages: [0, 0, 0, 1, 0, 1], epoch: 5, weight: 5 });
});

it("counts the epochs since the best one while the loss is worse", () => {
  const losses = [
    [0.2, 0.01],
    [0.3, 0.01],
    [0.3, 0.01],
    [0.3, 0.01],
  ] as const;
  expect(offerAll(losses)).toEqual({ ages: [0, 1, 2, 3], epoch: 1, weight: 1 });
});

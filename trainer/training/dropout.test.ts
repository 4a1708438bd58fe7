import { expect, it } from "vitest";
import { smallNetwork } from "../fixtures/small-network.ts";
import { createRandom } from "../random.ts";
import { dropoutMasks } from "./dropout.ts";
import { loadTensorflow } from "./tensorflow.ts";

await loadTensorflow();
const { default: tf } = await import("@tensorflow/tfjs");

it("draws another mask for each step, the same ones for the same seed", () => {
  const network = smallNetwork(1, { dropout: 0.5 });
  const input = tf.ones([1, 4, 4, 1]);
  const answer = () => [
    ...tf.tidy(() => (network.apply(input, { training: true }) as typeof input).dataSync()),
  ];
  const run = (seed: number) => {
    const masks = dropoutMasks(network, createRandom(seed, "dropout"));
    return Array.from({ length: 3 }, () => {
      masks.redraw();
      return answer();
    });
  };
  const [first, second, third] = run(1);
  expect(second).not.toEqual(first);
  expect(third).not.toEqual(second);
  expect(run(1)).toEqual([first, second, third]);
  expect(run(2)[0]).not.toEqual(first);
});

it("leaves the layers as they were made, so that a package does not tell where training ended", () => {
  const network = smallNetwork(1, { dropout: 0.5 });
  const before = JSON.stringify(network.toJSON());
  const masks = dropoutMasks(network, createRandom(1, "dropout"));
  masks.redraw();
  expect(JSON.stringify(network.toJSON())).not.toBe(before);
  masks.restore();
  expect(JSON.stringify(network.toJSON())).toBe(before);
});

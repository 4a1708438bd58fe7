import { expect, it } from "vitest";
import { smallExamples, smallNetwork } from "../fixtures/small-network.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { deserialize, serialize } from "./serialize.ts";

await loadTensorflow();

it("gives the same bytes for the same network, and a network that answers the same back", async () => {
  const network = smallNetwork(1, { dropout: 0.5 });
  const bytes = await serialize(network);
  expect(await serialize(smallNetwork(1, { dropout: 0.5 }))).toEqual(bytes);
  expect((await serialize(smallNetwork(2))).weights).not.toEqual(bytes.weights);

  const back = await deserialize(bytes);
  const examples = smallExamples(10);
  expect(await predict(back, examples)).toEqual(await predict(network, examples));
  expect(await serialize(back)).toEqual(bytes);
});

it("reads weights that are a part of a larger buffer", async () => {
  const { model, weights } = await serialize(smallNetwork());
  const larger = Buffer.concat([Buffer.of(1, 2, 3), weights, Buffer.of(4)]);
  const part = larger.subarray(3, -1);
  expect(await serialize(await deserialize({ model, weights: part }))).toEqual({ model, weights });
});

it("lists its weights in a manifest that any loader of tfjs reads", async () => {
  const { model, weights } = await serialize(smallNetwork());
  expect(JSON.parse(model)).toMatchObject({
    format: "layers-model",
    modelTopology: { class_name: "Sequential" },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: [
          { name: "convolution/kernel", shape: [3, 3, 1, 3], dtype: "float32" },
          { name: "logits/kernel", shape: [48, 2], dtype: "float32" },
          { name: "logits/bias", shape: [2], dtype: "float32" },
        ],
      },
    ],
  });
  expect(weights.byteLength).toBe(4 * (27 + 96 + 2));
});

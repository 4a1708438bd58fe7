import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { expect, it } from "vitest";
import { smallExamples, smallNetwork } from "../fixtures/small-network.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { deserialize, deserializeLayers, serialize } from "./serialize.ts";

await loadTensorflow();

it("gives the same bytes for the same network, and a network that answers the same back", async () => {
  const network = smallNetwork(1, { dropout: 0.5 });
  const bytes = await serialize(network);
  expect(await serialize(smallNetwork(1, { dropout: 0.5 }))).toEqual(bytes);
  expect((await serialize(smallNetwork(2))).weights).not.toEqual(bytes.weights);

  const back = await deserializeLayers(bytes);
  const examples = smallExamples(10);
  expect(await predict(back, examples)).toEqual(await predict(network, examples));
  expect(await serialize(back)).toEqual(bytes);
});

it("reads weights that are a part of a larger buffer", async () => {
  const { model, weights } = await serialize(smallNetwork());
  const larger = Buffer.concat([Buffer.of(1, 2, 3), weights, Buffer.of(4)]);
  const part = larger.subarray(3, -1);
  expect(await serialize(await deserializeLayers({ model, weights: part }))).toEqual({
    model,
    weights,
  });
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

it("reads a graph, and refuses to train one further", async () => {
  const content = graphNetwork([
    [1, 0],
    [2, -1],
  ]);
  const network = await deserialize(content);
  const examples = { count: 2, inputs: Float32Array.of(1, 1, 3, 5) };
  expect([...(await predict(network, examples))]).toEqual([3, -1, 13, -5]);
  network.dispose();
  await expect(deserializeLayers(content)).rejects.toThrow("the network is a graph");
});

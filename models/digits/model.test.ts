import { describe, expect, it } from "vitest";
import { model } from "./model.ts";

describe("digits", () => {
  it("has a default and a description for every hyperparameter", () => {
    const schemas = Object.entries(model.hyperparameters.shape);
    expect(schemas.filter(([, schema]) => !schema.description)).toEqual([]);
    expect(Object.keys(model.hyperparameters.parse({}))).toEqual(schemas.map(([key]) => key));
  });

  it("names the whole of MNIST by its published sums", async () => {
    expect(await model.datasets["mnist"]?.fingerprint()).toBe(
      "sha256:abca1685336e37aa33a42b8e8886e04e9bd739abb9c10b4340fdb3be3218f9e7",
    );
  });

  it("starts from the same weights for the same seed, and from others for another", async () => {
    const { createNetwork } = await model.loadNetwork();
    const small = model.hyperparameters.parse({ filters: 2, units: 4, dropout: 0.5 });
    const weights = (seed: number) =>
      createNetwork(small, seed)
        .getWeights()
        .map((weight) => [...weight.dataSync()]);
    expect(weights(1)).toEqual(weights(1));
    expect(weights(2)).not.toEqual(weights(1));
  });

  it("takes images and answers probabilities, with a name for every layer", async () => {
    const { createNetwork } = await model.loadNetwork();
    const network = createNetwork(model.hyperparameters.parse({ filters: 2, units: 4 }), 1);
    expect(network.inputs[0]?.shape).toEqual([null, 28, 28, 1]);
    expect(network.outputs[0]?.shape).toEqual([null, 10]);
    expect(network.layers.map((layer) => layer.name)).toEqual([
      "image",
      "rescaling",
      "convolution-1",
      "pool-1",
      "relu-1",
      "convolution-2",
      "pool-2",
      "relu-2",
      "flatten",
      "dense",
      "relu-3",
      "logits",
      "probabilities",
    ]);
  });

  it("normalises after each layer where it is asked to", async () => {
    const { createNetwork } = await model.loadNetwork();
    const small = model.hyperparameters.parse({ filters: 2, units: 4, batchNorm: true });
    const names = createNetwork(small, 1).layers.map((layer) => layer.name);
    const before = names.flatMap((name, index) =>
      name.startsWith("norm") ? [`${names[index - 1]}, ${name}`] : [],
    );
    expect(before).toEqual(["pool-1, norm-1", "pool-2, norm-2", "dense, norm-3"]);
  });
});

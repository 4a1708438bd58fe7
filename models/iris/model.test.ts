import { describe, expect, it } from "vitest";
import { classified } from "../dataset.ts";
import { model } from "./model.ts";

const access = {
  download: () => Promise.reject(new Error("nothing is downloaded")),
};

describe("iris", () => {
  it("has a default and a description for every hyperparameter", () => {
    const schemas = Object.entries(model.hyperparameters.shape);
    expect(schemas.filter(([, schema]) => !schema.description)).toEqual([]);
    expect(Object.keys(model.hyperparameters.parse({}))).toEqual(schemas.map(([key]) => key));
  });

  it("has Fisher's flowers, with the two that are wrong in other copies", async () => {
    const files = await model.datasets["fisher"]?.read(access);
    const { train } = await model.format.parse(files ?? []);
    const { labels } = classified(train);
    expect([0, 1, 2].map((label) => labels.filter((own) => own === label).length)).toEqual([
      50, 50, 50,
    ]);
    const flower = (number: number) =>
      [...train.inputs.subarray(4 * (number - 1), 4 * number)].map((size) => size.toFixed(1));
    expect(flower(35)).toEqual(["4.9", "3.1", "1.5", "0.2"]);
    expect(flower(38)).toEqual(["4.9", "3.6", "1.4", "0.1"]);
    expect(train.originOf?.(34)).toBe("iris.csv, line 36");
  });

  it("standardises inside the network, by the training split", async () => {
    const { createNetwork } = await model.loadNetwork();
    const inputs = Float32Array.of(4, 2, 1, 0, 6, 4, 3, 1);
    const train = { count: 2, inputs, labels: Int32Array.of(0, 1) };
    const network = createNetwork(model.hyperparameters.parse({}), 1, train);
    const [kernel, bias] = network.getLayer("standardising").getWeights();
    expect(kernel?.arraySync()).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 2],
    ]);
    expect(bias?.arraySync()).toEqual([-5, -3, -2, -1]);
    expect(network.layers.map((layer) => layer.name)).toEqual([
      "measurements",
      "standardising",
      "dense",
      "relu",
      "logits",
      "probabilities",
    ]);
  });
});

import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { describe, expect, it } from "vitest";
import { smallNetwork } from "../fixtures/small-network.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { deserialize, serialize, type SerializedNetwork } from "../packaging/serialize.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { readTfjs } from "./read-tfjs.ts";

await loadTensorflow();

/** A folder as tfjs or its converter leaves it, the weights in two shards. */
async function exported({ model, weights }: SerializedNetwork): Promise<string> {
  const folder = await temporaryFolder();
  const { weightsManifest, ...rest } = JSON.parse(model);
  const paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"];
  const manifest = [{ paths, weights: weightsManifest[0].weights }];
  await writeFile(
    join(folder, "model.json"),
    JSON.stringify({ ...rest, trainingConfig: { loss: "mse" }, weightsManifest: manifest }),
  );
  await writeFile(join(folder, "group1-shard1of2.bin"), weights.subarray(0, 10));
  await writeFile(join(folder, "group1-shard2of2.bin"), weights.subarray(10));
  return folder;
}

const graph = graphNetwork([
  [1, 0],
  [2, -1],
]);

describe("readTfjs", () => {
  it("gives a network of layers the bytes that it has when it is trained here", async () => {
    const content = await serialize(smallNetwork());
    expect(await readTfjs(await exported(content))).toEqual(content);
  });

  it("joins the shards of a graph, which answers as before", async () => {
    const content = await readTfjs(await exported(graph));
    expect(Buffer.from(content.weights)).toEqual(Buffer.from(graph.weights));
    const { format, weightsManifest } = JSON.parse(content.model);
    expect([format, weightsManifest[0].paths]).toEqual(["graph-model", ["weights.bin"]]);
    const network = await deserialize(content);
    const examples = { count: 1, inputs: Float32Array.of(3, 5) };
    expect([...(await predict(network, examples))]).toEqual([13, -5]);
    network.dispose();
  });

  it("gives equal graphs equal bytes, in whatever order their members are written", async () => {
    const { modelTopology, ...rest } = JSON.parse(graph.model);
    const turned = Object.fromEntries(Object.entries(modelTopology).toReversed());
    const model = JSON.stringify({ ...rest, modelTopology: turned });
    const other = { model, weights: graph.weights };
    expect(await readTfjs(await exported(other))).toEqual(await readTfjs(await exported(graph)));
  });

  it("says which file is missing, cut off or outside the folder", async () => {
    const folder = await exported(graph);
    await truncate(join(folder, "group1-shard2of2.bin"), 2);
    await expect(readTfjs(folder)).rejects.toThrow(
      `${folder}: the shards have 12 bytes; expected 16, by model.json`,
    );
    await rm(join(folder, "group1-shard1of2.bin"));
    await expect(readTfjs(folder)).rejects.toThrow(
      /group1-shard1of2\.bin, which model\.json names, cannot be read: ENOENT/,
    );
    const model = await readFile(join(folder, "model.json"), "utf8");
    await writeFile(join(folder, "model.json"), model.replace("group1-shard1", "../shard1"));
    await expect(readTfjs(folder)).rejects.toThrow(
      "weightsManifest.0.paths.0: expected the name of a file in the same folder",
    );
    await writeFile(join(folder, "model.json"), "{");
    await expect(readTfjs(folder)).rejects.toThrow(`${join(folder, "model.json")} is not JSON`);
  });

  it("tells what to do about layers that tfjs does not know", async () => {
    const { model, weights } = await serialize(smallNetwork());
    const folder = await exported({ model: model.replace('"ReLU"', '"Swirl"'), weights });
    await expect(readTfjs(folder)).rejects.toThrow(
      /cannot be loaded by tfjs 4\.22\.0: Unknown layer: Swirl.*import the file of Keras/s,
    );
  });
});

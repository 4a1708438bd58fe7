import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { messageOf } from "@updraft/contracts/message-of";
import { NetworkFormat } from "@updraft/contracts/model-package";
import { z } from "zod";
import { deserializeLayers, serialize, type SerializedNetwork } from "../packaging/serialize.ts";

const WeightSpec = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.string(),
  quantization: z.looseObject({ dtype: z.string() }).optional(),
});
type WeightSpec = z.infer<typeof WeightSpec>;

/** `model.json` as tfjs and its converter write it. */
const ModelJson = z.looseObject({
  format: NetworkFormat.default("layers-model"),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(
        z.string().regex(/^[^/\\]+$/, "expected the name of a file in the same folder"),
      ),
      weights: z.array(WeightSpec),
    }),
  ),
});

/** Sizes of a value in bytes, as weights are written. */
const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  complex64: 8,
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/**
 * Reads a network that tfjs or its converter wrote to a folder, in the form that packages have: its
 * shards joined to one, and of a network of layers what tfjs writes once it has loaded it, so that
 * what only concerns training is left out. Equal networks have equal bytes.
 * @throws if something is missing, damaged, or nothing that tfjs knows
 */
export async function readTfjs(folder: string): Promise<SerializedNetwork> {
  // What the network was compiled with concerns training alone, and may be what tfjs cannot read.
  const { weightsManifest, trainingConfig: _, ...topology } = await modelJsonIn(folder);
  const specs = weightsManifest.flatMap(({ weights }) => weights);
  const shards = await Promise.all(
    weightsManifest.flatMap(({ paths }) => paths).map((name) => shardIn(folder, name)),
  );
  const weights = new Uint8Array(Buffer.concat(shards));
  checkSize(folder, weights, specs);
  const content = {
    model: JSON.stringify({
      ...topology,
      modelTopology: sorted(topology.modelTopology),
      weightsManifest: [{ paths: ["weights.bin"], weights: specs }],
    }),
    weights,
  };
  return topology.format === "graph-model" ? content : canonical(folder, content);
}

/** The converter writes the members of objects in another order each time. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

async function modelJsonIn(folder: string): Promise<z.infer<typeof ModelJson>> {
  const path = join(folder, "model.json");
  const text = await readFile(path, "utf8");
  const parsed = ModelJson.safeParse(jsonIn(text, path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path: at, message }) => `${at.join(".")}: ${message}`,
  );
  throw new Error(`${path} is no model.json of tfjs: ${problems.join("; ")}`);
}

function jsonIn(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

async function shardIn(folder: string, name: string): Promise<Buffer> {
  const path = join(folder, name);
  return readFile(path).catch((error: unknown) => {
    throw new Error(`${path}, which model.json names, cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  });
}

/** A shard that was cut off or changed for another is found before tfjs stumbles over it. */
function checkSize(folder: string, weights: Uint8Array, specs: readonly WeightSpec[]): void {
  let expected = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const kind = quantization?.dtype ?? dtype;
    const size = bytesPerValue[kind];
    if (size === undefined) {
      throw new Error(`${folder}: the weight ${name} is ${kind}; expected numbers`);
    }
    expected += size * shape.reduce((product, length) => product * length, 1);
  }
  if (expected === weights.byteLength) return;
  throw new Error(
    `${folder}: the shards have ${weights.byteLength} bytes; expected ${expected}, by model.json`,
  );
}

async function canonical(folder: string, content: SerializedNetwork): Promise<SerializedNetwork> {
  let network: tf.LayersModel;
  try {
    network = await deserializeLayers(content);
  } catch (error) {
    throw new Error(
      `${folder} cannot be loaded by tfjs ${tf.version.tfjs}: ${messageOf(error)}; import the file of Keras that it was made from, or a graph (--output_format=tfjs_graph_model)`,
      { cause: error },
    );
  }
  try {
    return await serialize(network);
  } finally {
    network.dispose();
  }
}

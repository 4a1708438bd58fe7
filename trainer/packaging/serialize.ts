import * as tf from "@tensorflow/tfjs";
import { networkFormat } from "@updraft/contracts/model-package";

/** What a package's network is once it is loaded; only one of layers can be trained further. */
export type PackagedNetwork = tf.LayersModel | tf.GraphModel;

/** A network as the files of a package have it. */
export interface SerializedNetwork {
  /** Topology and weights manifest, JSON. */
  readonly model: string;
  /** All weights one after another as the manifest lists them, little-endian. */
  readonly weights: Uint8Array;
}

/** The bytes of a network: equal networks have equal bytes. */
export async function serialize(network: tf.LayersModel): Promise<SerializedNetwork> {
  const artifacts = await artifactsOf(network);
  const { modelTopology, weightSpecs, format, generatedBy, convertedBy } = artifacts;
  const model = {
    modelTopology,
    format,
    generatedBy,
    convertedBy,
    weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }],
  };
  return {
    model: JSON.stringify(model),
    weights: new Uint8Array(joined(artifacts.weightData)),
  };
}

/** The network of a package. */
export async function deserialize(content: SerializedNetwork): Promise<PackagedNetwork> {
  if (networkFormat(content) === "layers-model") return deserializeLayers(content);
  return tf.loadGraphModel(tf.io.fromMemory(artifactsIn(content)));
}

/**
 * The network of a package whose layers are known.
 * @throws if it is a graph
 */
export async function deserializeLayers(content: SerializedNetwork): Promise<tf.LayersModel> {
  if (networkFormat(content) === "layers-model") {
    return tf.loadLayersModel(tf.io.fromMemory(artifactsIn(content)));
  }
  throw new Error("the network is a graph (graph-model), whose layers are not known");
}

function artifactsIn({ model, weights }: SerializedNetwork): tf.io.ModelArtifacts {
  const { weightsManifest, ...topology }: tf.io.ModelJSON = JSON.parse(model);
  return {
    ...topology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    // A copy: the bytes may be a part of a larger buffer, as those of a Buffer often are.
    weightData: new Uint8Array(weights).buffer,
  };
}

async function artifactsOf(network: tf.LayersModel): Promise<tf.io.ModelArtifacts> {
  const { promise, resolve } = Promise.withResolvers<tf.io.ModelArtifacts>();
  await network.save(
    tf.io.withSaveHandler(async (artifacts) => {
      resolve(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return promise;
}

function joined(weightData: tf.io.ModelArtifacts["weightData"]): ArrayBuffer {
  return tf.io.concatenateArrayBuffers([weightData ?? []].flat());
}

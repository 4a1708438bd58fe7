import type { Digest } from "@updraft/contracts/digest";
import { type LoadedPackage, readPackage } from "@updraft/contracts/model-package";
import { instanceLength, type Signature, type TensorSpec } from "@updraft/contracts/signature";
import type { Engine } from "../engines/engine.ts";
import { MicroBatcher, type MicroBatcherOptions } from "../engines/micro-batcher.ts";
import {
  type Batch,
  maxInstances as defaultMaxInstances,
  parseInstances,
} from "../protocols/instances.ts";
import type { ServerMetrics } from "../watching/metrics.ts";
import { Holders } from "./holders.ts";

/** By how much an answer may differ from the one that the trainer got. */
const tolerance = 1e-4;

/** A package that is loaded and has shown that it answers as it did when it was trained. */
export interface ServedModel {
  readonly name: string;
  readonly version: string;
  /** Aliases of the registry under which this version is asked for. */
  readonly labels: readonly string[];
  readonly content: LoadedPackage;
  readonly input: TensorSpec;
  readonly output: TensorSpec;
  /** How many instances wait for the engine. */
  readonly queuedInstances: number;
  /** How many instances one request may bring. */
  readonly maxInstances: number;
  /** The answers to some instances, one after another, flattened. */
  predict(batch: Batch): Promise<Float32Array>;
  /** Keeps the network for a request, until what is returned is called. */
  hold(): () => void;
  /** Frees the network once no request holds it. */
  dispose(): Promise<void>;
}

/** How much a model takes. */
export interface ModelLimits extends Pick<
  MicroBatcherOptions,
  "maxBatchSize" | "maxQueueSize" | "maxWaitSeconds"
> {
  /** How many instances one request may bring. @default 1024 */
  readonly maxInstances?: number;
}

/** The package does not answer its own example as it should. */
export class ExampleMismatchError extends Error {
  constructor(uri: string, expected: readonly number[], actual: readonly number[]) {
    super(
      `the package at ${uri} does not answer its own example: expected [${expected.join(", ")}], got [${actual.join(", ")}]`,
    );
    this.name = "ExampleMismatchError";
  }
}

/** Which package is loaded, and under which name it answers. */
export interface PinnedModel {
  readonly name: string;
  readonly version: string;
  /** Address of the package's folder. */
  readonly uri: string;
  readonly digest: Digest;
  /** Under which aliases it is asked for. @default [] */
  readonly labels?: readonly string[];
}

/**
 * Loads a package, checks its digest and lets it answer its own example.
 * @throws {DigestMismatchError} if it is another package
 * @throws {ExampleMismatchError} if it answers otherwise than the trainer's engine
 */
export async function loadServedModel(
  { name, version, uri, digest, labels = [] }: PinnedModel,
  engine: Engine,
  metrics?: ServerMetrics,
  { maxInstances = defaultMaxInstances, ...limits }: ModelLimits = {},
): Promise<ServedModel> {
  const content = await readPackage(uri, digest);
  const [input, output] = onlyTensors(content.signature);
  const network = await engine.load(content);
  const batcher = new MicroBatcher(network, {
    ...limits,
    inputLength: instanceLength(input),
    outputLength: instanceLength(output),
    onBatch: metrics?.batches({ model: name, version }),
  });
  const holders = new Holders();
  const model: ServedModel = {
    name,
    version,
    labels,
    content,
    input,
    output,
    get queuedInstances() {
      return batcher.queuedInstances;
    },
    maxInstances,
    async predict({ values, size }) {
      const release = holders.hold();
      try {
        return await batcher.predict(values, size);
      } finally {
        release();
      }
    },
    hold: () => holders.hold(),
    async dispose() {
      await holders.none();
      network.dispose();
    },
  };
  try {
    await answerOwnExample(model);
  } catch (error) {
    await model.dispose();
    throw error;
  }
  return model;
}

async function answerOwnExample({ content, input, output, predict }: ServedModel): Promise<void> {
  const { inputs, outputs } = content.signature.example;
  const expected = outputs[output.name] ?? [];
  const answer = await predict(parseInstances([inputs[input.name]], input));
  const differs = expected.some((value, index) => {
    // A NaN is no answer either, and compares false with everything.
    return !(Math.abs(value - (answer[index] ?? Number.NaN)) <= tolerance);
  });
  if (differs) throw new ExampleMismatchError(content.uri, expected, [...answer]);
}

function onlyTensors({ inputs, outputs }: Signature): [TensorSpec, TensorSpec] {
  const [input, output] = [inputs[0], outputs[0]];
  if (!input || !output || inputs.length + outputs.length > 2) {
    throw new Error(
      `expected a model with one input and one output, got ${inputs.length} and ${outputs.length}`,
    );
  }
  return [input, output];
}

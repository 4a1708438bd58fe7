import type { LayersModel } from "@tensorflow/tfjs";
import type { GateRules } from "@updraft/contracts/gate";
import type { TensorSpec } from "@updraft/contracts/signature";
import type { z } from "zod";
import type { DatasetFormat, DatasetSource, Examples } from "./dataset.ts";
import type { TrainingHyperparameters } from "./hyperparameters.ts";
import type { QualityRules } from "./quality.ts";

/** A source of numbers in [0, 1), the same ones for the same seed. */
export type Random = () => number;

/** One example's input, row-major. */
export type InputValues = Uint8Array | Float32Array;

/** The training split, for layers that take their weights from all of it before training. */
export type TrainingExamples = Pick<Examples, "count" | "inputs" | "labels">;

/** What needs tfjs; kept in a file of its own so that only training loads it. */
export interface Network<H extends TrainingHyperparameters = TrainingHyperparameters> {
  /**
   * A new network from the model's input to its output. The last layer of a classifier is a
   * `softmax`. Preprocessing that can be a layer is inside. Every layer has a name and every
   * initialiser a seed that follows from `seed`: the network is part of what must be reproducible.
   * @param train what a layer such as `standardising` takes its weights from; without it, inputs
   *   pass such a layer as they are
   */
  createNetwork(hyperparameters: H, seed: number, train?: TrainingExamples): LayersModel;
  /**
   * Writes a changed copy of a training example's input to `target`. Left out where examples are
   * used as they are.
   */
  augment?(source: InputValues, target: Float32Array, random: Random, hyperparameters: H): void;
}

/** A model that the platform can train, gate and serve: what `models/<name>/model.ts` exports. */
export interface ModelDefinition<H extends TrainingHyperparameters = TrainingHyperparameters> {
  /** The name of its folder, of the registered model and of the served one. */
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  readonly input: TensorSpec;
  /**
   * Of a classifier class probabilities; `labels` names the classes in the order of the dataset's
   * indexes. A model whose output has no labels is a regressor.
   */
  readonly output: TensorSpec;
  /** Every hyperparameter with its default and its description. */
  readonly hyperparameters: HyperparameterSchema<H>;
  /** The datasets it knows by name, beside addresses, which every model can be given. */
  readonly datasets: Readonly<Record<string, DatasetSource>>;
  readonly format: DatasetFormat;
  /** Shares of all examples; the test share counts where the dataset has no test split. */
  readonly split: { readonly validation: number; readonly test: number };
  /** How good its data must be, where that is not the default of `quality.ts`. */
  readonly quality?: QualityRules;
  readonly defaults: {
    /** A key of `datasets`. */
    readonly dataset: string;
    readonly gate: GateRules;
  };
  /** Imports the network's file. */
  loadNetwork(): Promise<Network<H>>;
}

/** A zod object whose fields all have defaults and descriptions. */
export type HyperparameterSchema<H> = z.ZodType<H> & {
  readonly shape: Readonly<Record<string, z.ZodType>>;
};

/** Gives a definition its types; the hyperparameters' type comes from their schema. */
export function defineModel<H extends TrainingHyperparameters>(
  definition: ModelDefinition<H>,
): ModelDefinition<H> {
  return definition;
}

import type { ModelDefinition } from "@updraft/models/model-definition";
import { z } from "zod";

/** A setting as people give it: by flag, by variable, or not at all. */
export interface Option {
  /** Path in the settings: `seed`, `hyperparameters.epochs`. */
  readonly key: string;
  /** Without the dashes; none of a secret: everybody on a machine sees its processes' arguments. */
  readonly flag?: string;
  readonly variable: string;
  readonly description: string;
  /** What the value looks like, in the help. */
  readonly placeholder: string;
  /** As the help shows it. */
  readonly default?: string;
  /**
   * How its text becomes a value: as it is, or JSON. The flag of a switch is set by being there;
   * its variable is `true` or `false`. @default "text"
   */
  readonly as?: "text" | "json" | "switch";
}

/** What is trained and where it is kept. */
export const trainingOptions: readonly Option[] = [
  {
    key: "model",
    flag: "model",
    variable: "TRAINER_MODEL",
    placeholder: "name",
    description: "what to train: a folder of models/",
    default: "digits",
  },
  {
    key: "dataset",
    flag: "dataset",
    variable: "TRAINER_DATASET",
    placeholder: "name",
    description: "one of the model's datasets, or the address of a folder or file",
  },
  {
    key: "seed",
    flag: "seed",
    variable: "TRAINER_SEED",
    placeholder: "integer",
    description: "what all chance follows from; the same seed gives the same package",
    default: "1",
    as: "json",
  },
  {
    key: "gate",
    flag: "gate",
    variable: "TRAINER_GATE",
    placeholder: "json",
    description: "rules the package must pass, in place of the model's own",
    as: "json",
  },
  {
    key: "quality",
    flag: "quality",
    variable: "TRAINER_QUALITY",
    placeholder: "json",
    description:
      'limits of the data\'s checks, in place of the model\'s own, check by check: {"duplicates": {"warn": 0, "fail": 0.1}}',
    as: "json",
  },
  {
    key: "hyperparameters",
    flag: "hyperparameters",
    variable: "TRAINER_HYPERPARAMETERS",
    placeholder: "json",
    description: "several hyperparameters at once, as an object",
    as: "json",
  },
  {
    key: "experiment",
    flag: "experiment",
    variable: "TRAINER_EXPERIMENT",
    placeholder: "name",
    description: "experiment of the tracker that the run belongs to",
    default: "the model's name",
  },
  {
    key: "storeUri",
    flag: "store",
    variable: "TRAINER_STORE_URI",
    placeholder: "uri",
    description:
      "artifact store for packages and datasets: file:///<folder>, s3://<bucket>, or mlflow-artifacts:/ for the tracker's",
    default: "the folder .updraft/trainer",
  },
  {
    key: "trackingUri",
    flag: "tracker",
    variable: "MLFLOW_TRACKING_URI",
    placeholder: "url",
    description: "address of the tracker; without one, versions are counted in the store",
  },
  {
    key: "accelerator",
    flag: "accelerator",
    variable: "TRAINER_ACCELERATOR",
    placeholder: "value",
    description:
      "what computes; one of auto, cpu, gpu: auto takes a GPU where there is one, gpu insists on it",
    default: "auto",
  },
  {
    key: "stack",
    flag: "stack",
    variable: "TRAINER_STACK",
    placeholder: "name",
    description: "stack that serves the release; its versions are kept when others are freed",
  },
];

/** How a training begins, and what it waits for. */
export const durabilityOptions: readonly Option[] = [
  {
    key: "resume",
    flag: "resume",
    variable: "TRAINER_RESUME",
    placeholder: "when",
    description:
      "auto: goes on where a killed training of the same inputs was; always: only that; never: starts anew",
    default: "auto",
  },
  {
    key: "warmStart",
    flag: "warm-start",
    variable: "TRAINER_WARM_START",
    placeholder: "from",
    description: "champion: begins with the weights of the version that serves; none",
    default: "none",
  },
  {
    key: "outagePatience",
    flag: "outage-patience",
    variable: "TRAINER_OUTAGE_PATIENCE",
    placeholder: "seconds",
    description:
      "how long a tracker or a store that is away is waited for; training itself never waits",
    default: "60",
    as: "json",
  },
];

/** Trials with other hyperparameters. */
export const sweepOptions: readonly Option[] = [
  {
    key: "sweep",
    flag: "sweep",
    variable: "TRAINER_SWEEP",
    placeholder: "json",
    description:
      'what to try, such as {"strategy": "grid", "parameters": {"units": [64, 128]}}, for plan and sweep',
    as: "json",
  },
  {
    key: "sweepTrials",
    flag: "sweep-trials",
    variable: "TRAINER_SWEEP_TRIALS",
    placeholder: "json",
    description: "the trials, as plan lists them; without them they follow from the sweep",
    as: "json",
  },
  {
    key: "sweepId",
    flag: "sweep-id",
    variable: "TRAINER_SWEEP_ID",
    placeholder: "name",
    description: "sweep that a trial belongs to; makes train release its best trial",
  },
  {
    key: "trialIndex",
    flag: "trial",
    variable: "JOB_COMPLETION_INDEX",
    placeholder: "integer",
    description: "which of the trials to run, from 0; pods of an Indexed Job have it",
    as: "json",
  },
];

/** A package that is there already: of another stack, or of an earlier version. */
export const promotionOptions: readonly Option[] = [
  {
    key: "source",
    flag: "source",
    variable: "TRAINER_SOURCE",
    placeholder: "json",
    description:
      'what promote takes over: {"stack": "dev", "release": {…}} with the release of that stack',
    as: "json",
  },
  {
    key: "sourceVariables",
    variable: "TRAINER_SOURCE_VARIABLES",
    placeholder: "json",
    description: "what the source's store is reached with, by the names that stores know",
    as: "json",
  },
  {
    key: "sourceBundle",
    flag: "source-bundle",
    variable: "TRAINER_SOURCE_BUNDLE",
    placeholder: "path",
    description:
      "file with the source's package, or a folder with its parts, in place of its store",
  },
  {
    key: "pin",
    flag: "pin",
    variable: "TRAINER_PIN",
    placeholder: "version",
    description: "what rollback lets serve again: a version of the registry, or a digest",
  },
  {
    key: "reason",
    flag: "reason",
    variable: "TRAINER_REASON",
    placeholder: "text",
    description: "why rollback does so; kept with the move",
  },
];

/** Models that were trained elsewhere. */
export const importOptions: readonly Option[] = [
  {
    key: "importFrom",
    flag: "from",
    variable: "TRAINER_IMPORT_FROM",
    placeholder: "path",
    description:
      "what import takes: a folder of tfjs or a SavedModel, or a file .h5, .hdf5 or .keras",
  },
  {
    key: "python",
    flag: "python",
    variable: "TRAINER_PYTHON",
    placeholder: "program",
    description: "Python with the package tensorflowjs, which converts all but tfjs",
    default: "python3",
  },
];

/** A package that is judged once more. */
export const evaluationOptions: readonly Option[] = [
  {
    key: "packageName",
    flag: "package",
    variable: "TRAINER_PACKAGE",
    placeholder: "name",
    description:
      "what evaluate judges: a version, champion, challenger, a digest, or the address of a package's folder",
  },
  {
    key: "log",
    flag: "log",
    variable: "TRAINER_LOG",
    placeholder: "",
    description: "evaluate leaves a run with its measures in the tracker",
    default: "false",
    as: "switch",
  },
];

/** Where the outcome is written. */
export const outcomeOptions: readonly Option[] = [
  {
    key: "outcomeFile",
    flag: "outcome",
    variable: "TRAINER_OUTCOME_FILE",
    placeholder: "path",
    description: "file to write the release or the failure to, as JSON",
  },
  {
    key: "outcomeConfigMap",
    flag: "outcome-config-map",
    variable: "TRAINER_OUTCOME_CONFIG_MAP",
    placeholder: "name",
    description: "ConfigMap of the pod's namespace to write the same to, as outcome.json",
  },
  {
    key: "terminationLog",
    flag: "termination-log",
    variable: "TRAINER_TERMINATION_LOG",
    placeholder: "path",
    description: "file to write a failure's message to, at most 4,096 bytes",
  },
  {
    key: "out",
    flag: "out",
    variable: "TRAINER_OUT",
    placeholder: "folder",
    description:
      "folder for the report of dataset (quality.json and quality.html) or the plots of evaluate",
  },
  {
    key: "json",
    flag: "json",
    variable: "TRAINER_JSON",
    placeholder: "",
    description:
      "prints what came of it as the last line, as JSON: the release or the failure, what evaluate found, or dataset's report",
    default: "false",
    as: "switch",
  },
];

/** The settings that every model has. */
export const generalOptions: readonly Option[] = [
  ...trainingOptions,
  ...durabilityOptions,
  ...sweepOptions,
  ...promotionOptions,
  ...importOptions,
  ...evaluationOptions,
  ...outcomeOptions,
];

/**
 * One option for each hyperparameter of a model: `batchSize` is `--batch-size` and
 * `TRAINER_BATCH_SIZE`.
 */
export function hyperparameterOptions(definition: ModelDefinition): Option[] {
  return Object.entries(definition.hyperparameters.shape).map(([key, schema]) => {
    const words = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const preset = schema.parse(undefined);
    const choices = choicesOf(schema);
    return {
      key: `hyperparameters.${key}`,
      flag: words,
      variable: `TRAINER_${words.replaceAll("-", "_").toUpperCase()}`,
      placeholder: placeholderOf(preset),
      description: [schema.description, ...(choices ? [`one of ${choices.join(", ")}`] : [])].join(
        "; ",
      ),
      default: String(preset),
      as: "json",
    };
  });
}

function placeholderOf(preset: unknown): string {
  if (typeof preset === "number") return "number";
  return typeof preset === "boolean" ? "true|false" : "value";
}

/** What a schema lets one choose from, if it is a choice. */
function choicesOf(schema: z.ZodType): readonly unknown[] | undefined {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  return inner instanceof z.ZodEnum ? inner.options : undefined;
}

/** A command of the trainer, for people. */
export interface Command {
  /** One line: what it does. */
  readonly summary: string;
  /** Keys of the settings that matter to it, in groups with their titles. */
  readonly settings: readonly (readonly [title: string, keys: readonly string[]])[];
  /** What else its help has: the model's datasets, hyperparameters, gate and checks of the data. */
  readonly about: readonly ("datasets" | "hyperparameters" | "gate" | "quality")[];
  /** Each a line to type, after `npm run trainer -- `, with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
}

const data = ["dataset", "seed", "quality"];
const places = ["storeUri", "trackingUri", "outagePatience"];
const outcome = ["json", "outcomeFile", "outcomeConfigMap", "terminationLog"];
const run = [...places, "experiment", "stack"];

/** Every command, in the order in which the help lists them. */
export const commands = {
  train: {
    summary: "learns from a dataset, judges the result, and releases it if it passes the gate",
    settings: [
      ["What is trained", ["model", ...data, "gate", "hyperparameters", "accelerator"]],
      ["Where it begins", ["resume", "warmStart"]],
      ["Where runs and packages are kept", run],
      ["What it follows", ["source", "sweepId"]],
      ["How it tells what came of it", outcome],
    ],
    about: ["datasets", "hyperparameters", "gate", "quality"],
    examples: [
      ["train", "with everything as the model has it"],
      ["train --epochs 3 --optimizer sgd", "with other hyperparameters"],
      [
        `train --dataset file:///data/digits --gate '{"minAccuracy": 0.98}'`,
        "with your data and your rules",
      ],
      ["train --json | tail -n 1", "the release as JSON, for a script"],
    ],
  },
  evaluate: {
    summary: "judges a package that is there already; a dry run, which changes nothing",
    settings: [
      ["What is judged, and by what", ["packageName", "model", ...data, "gate", "accelerator"]],
      ["Where packages are", [...places, "log", "experiment"]],
      ["How it tells what came of it", ["json", "out", "terminationLog"]],
    ],
    about: ["datasets", "gate"],
    examples: [
      ["evaluate --package champion", "what serves, by the model's own rules"],
      [
        `evaluate --package 3 --gate '{"minImprovement": 0, "decideOn": "interval"}'`,
        "would version 3 be surely no worse than what serves?",
      ],
      ["evaluate --package file:///backup/digits/3f9a --out report", "a folder, with its plots"],
    ],
  },
  promote: {
    summary: "takes over what another stack has released, if it passes test and gate here too",
    settings: [
      ["What is taken over", ["source", "sourceVariables", "sourceBundle"]],
      ["What it is judged by", ["model", ...data, "gate", "accelerator"]],
      ["Where runs and packages are kept", run],
      ["How it tells what came of it", outcome],
    ],
    about: ["datasets", "gate", "quality"],
    examples: [
      [
        `promote --stack prod --source '{"stack": "dev", "release": {…}}'`,
        "the release as dev's outcome file has it",
      ],
    ],
  },
  rollback: {
    summary: "lets an earlier version serve again, without training or measuring",
    settings: [
      ["What serves again, and why", ["pin", "reason", "model"]],
      ["Where packages are", [...places, "stack"]],
      ["How it tells what came of it", outcome],
    ],
    about: [],
    examples: [[`rollback --pin 3 --reason "reads 7 as 1"`, "version 3"]],
  },
  import: {
    summary: "takes in a model that was trained elsewhere, if it passes test and gate",
    settings: [
      ["What is taken in", ["importFrom", "python"]],
      ["What it is judged by", ["model", ...data, "gate", "accelerator"]],
      ["Where runs and packages are kept", run],
      ["How it tells what came of it", outcome],
    ],
    about: ["datasets", "gate", "quality"],
    examples: [["import --from exported/model.keras", "a model of Keras"]],
  },
  sweep: {
    summary: "trains with several hyperparameters, and releases the best",
    settings: [
      ["What is tried", ["sweep", "sweepTrials", "sweepId"]],
      ["What is trained", ["model", ...data, "gate", "hyperparameters", "accelerator"]],
      ["Where each trial begins", ["resume", "warmStart"]],
      ["Where runs and packages are kept", run],
      ["How it tells what came of it", outcome],
    ],
    about: ["datasets", "hyperparameters", "gate", "quality"],
    examples: [
      [
        `sweep --sweep '{"strategy": "grid", "parameters": {"units": [64, 128]}}'`,
        "every combination of a grid",
      ],
    ],
  },
  trial: {
    summary: "one trial of a sweep; what a pod of a sweep runs, and train releases the best",
    settings: [
      ["Which trial", ["sweepId", "trialIndex", "sweepTrials", "sweep"]],
      ["What is trained", ["model", ...data, "hyperparameters", "accelerator"]],
      ["Where it begins", ["resume", "warmStart"]],
      ["Where runs and packages are kept", [...places, "experiment", "stack"]],
      ["How it tells what came of it", ["terminationLog"]],
    ],
    about: ["datasets", "hyperparameters", "quality"],
    examples: [
      ["trial --sweep-id s1 --trial 0 --sweep-trials '[{\"units\": 64}]'", "the first one"],
    ],
  },
  dataset: {
    summary: "gets a dataset and checks it, without training",
    settings: [
      ["What is checked", ["model", ...data]],
      ["Where snapshots are kept", places],
      ["How it tells what came of it", ["json", "out", "terminationLog"]],
    ],
    about: ["datasets", "quality"],
    examples: [
      [
        `dataset --dataset file:///data/digits --quality '{"drift": {"fail": 2}}'`,
        "your data, with another limit",
      ],
    ],
  },
  plan: {
    summary: "says as JSON what train would do, without doing it",
    settings: [
      ["What would be trained", ["model", ...data, "gate", "hyperparameters", "sweep"]],
      ["Where it would begin", ["warmStart", ...places]],
    ],
    about: ["datasets", "hyperparameters", "gate", "quality"],
    examples: [["plan --seed 2", "with another seed"]],
  },
} as const satisfies Record<string, Command>;

/** The name of a command. */
export type CommandName = keyof typeof commands;

/** Whether there is a command of this name. */
export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

import { resolve } from "node:path";
import type { GateRules } from "@updraft/contracts/gate";
import type { PromotionSource, SourceVariables } from "@updraft/contracts/promotion-source";
import type { Sweep, SweepTrial } from "@updraft/contracts/sweep";
import type { TrainingHyperparameters } from "@updraft/models/hyperparameters";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityRules } from "@updraft/models/quality";
import type { z } from "zod";
import type { WantedAccelerator } from "../training/accelerator.ts";
import { explain } from "./explain.ts";
import { gateProblems } from "./gate-problems.ts";
import { collectGiven, flagOf, unknownFlags, type Given, type SettingsSource } from "./given.ts";
import { findModel } from "./model-folder.ts";
import { generalOptions, hyperparameterOptions, type Option } from "./options.ts";
import { settingsSchema } from "./settings-schema.ts";
import { checkedTrials, trialsOfSweep } from "./trials.ts";

/** What a command works with, defaults filled in. */
export interface Settings {
  readonly definition: ModelDefinition;
  /** A name that the model knows, or an address. */
  readonly dataset: string;
  readonly seed: number;
  readonly hyperparameters: TrainingHyperparameters;
  readonly gate: GateRules;
  /** Limits of the data's checks in place of the model's own. */
  readonly quality: QualityRules;
  readonly experiment: string;
  readonly storeUri: string;
  readonly trackingUri: string | undefined;
  /** Whether a killed training of the same inputs is gone on with; `always`: nothing else. */
  readonly resume: "auto" | "always" | "never";
  /** What a training begins with beside chance: `champion`, the version that serves. */
  readonly warmStart: "none" | "champion";
  /** How long a tracker or a store that is away is waited for, in seconds. */
  readonly outagePatience: number;
  /** The stack that will serve the release. */
  readonly stack: string | undefined;
  readonly accelerator: WantedAccelerator;
  readonly sweep: Sweep | undefined;
  /** Names a sweep in the tracker. */
  readonly sweepId: string | undefined;
  /** The hyperparameters that each trial sets: as listed, or as they follow from `sweep`. */
  readonly trials: readonly SweepTrial[] | undefined;
  /** Which of the trials, from 0. */
  readonly trialIndex: number | undefined;
  /** The release of another stack that is taken over. */
  readonly source: PromotionSource | undefined;
  /** What the source's store is reached with: a secret. */
  readonly sourceVariables: SourceVariables | undefined;
  /** File or folder that the source's package is in, in place of its store; absolute. */
  readonly sourceBundle: string | undefined;
  /** File or folder with a model that was trained elsewhere; absolute. */
  readonly importFrom: string | undefined;
  /** Python with TensorFlow's converter for tfjs: a program on the PATH, or a path. */
  readonly python: string;
  /** What is to serve again: a version of the registry, or a digest. */
  readonly pin: string | undefined;
  /** Why it is to serve again. */
  readonly reason: string | undefined;
  /** What is evaluated: a version, an alias, a digest, or an address. */
  readonly packageName: string | undefined;
  /** Whether an evaluation is recorded in the tracker. */
  readonly log: boolean;
  /** Whether what came of it is printed as JSON, as the last line. */
  readonly json: boolean;
  /** Folder for the report of a dataset; absolute. */
  readonly out: string | undefined;
}

/** Settings that cannot be used: every problem that was found, each a line for people. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/**
 * Reads the settings: flags before variables before the model's defaults.
 * @param folder the working directory, absolute
 * @throws {SettingsError} with every problem at once
 */
export async function parseSettings(source: SettingsSource, folder: string): Promise<Settings> {
  const definition = await chosenModel(source);
  const options = [...generalOptions, ...hyperparameterOptions(definition)];
  const problems = unknownFlags(source, options).map((flag) => unknownFlag(flag, options));
  const given = collectGiven(source, options, problems);
  const checked = settingsSchema(definition, folder, storeVariables(source, given)).safeParse(
    nested(given),
  );
  if (!checked.success) {
    problems.push(...checked.error.issues.flatMap((issue) => explain(issue, given, definition)));
  }
  if (checked.data) problems.push(...gateProblems(checked.data.gate, given, definition));
  const { trials, problems: ofTrials } = trialsIn(checked.data, given, definition);
  problems.push(...ofTrials);
  if (!checked.success || problems.length > 0) throw new SettingsError(problems);
  const { sweepTrials: _, ...rest } = checked.data;
  return { ...absent, ...rest, definition, trials };
}

/** What is there only where it is given. */
const absent = {
  trackingUri: undefined,
  stack: undefined,
  sweep: undefined,
  sweepId: undefined,
  trialIndex: undefined,
  source: undefined,
  sourceVariables: undefined,
  sourceBundle: undefined,
  importFrom: undefined,
  pin: undefined,
  reason: undefined,
  packageName: undefined,
  out: undefined,
};

/** The trials, or what is wrong with them; none before everything else is right. */
function trialsIn(
  settings: z.infer<ReturnType<typeof settingsSchema>> | undefined,
  given: ReadonlyMap<string, Given>,
  definition: ModelDefinition,
): { readonly trials?: readonly SweepTrial[]; readonly problems: readonly string[] } {
  const { sweep, sweepTrials, hyperparameters } = settings ?? {};
  const sourceOf = (key: string) => given.get(key)?.source ?? key;
  if (hyperparameters && sweepTrials) {
    return checkedTrials(sweepTrials, sourceOf("sweepTrials"), definition, hyperparameters);
  }
  if (hyperparameters && sweep) {
    return trialsOfSweep(sweep, sourceOf("sweep"), definition, hyperparameters);
  }
  return { problems: [] };
}

/**
 * The model that is named, whatever else is given.
 * @throws {SettingsError} if there is none of that name
 */
export async function chosenModel(source: SettingsSource): Promise<ModelDefinition> {
  const name = collectGiven(source, generalOptions, []).get("model");
  const found = await findModel(String(name?.value ?? "digits"));
  if ("problem" in found) {
    throw new SettingsError([`${name?.source ?? "model"} ${found.problem}`]);
  }
  return found.definition;
}

/** Where the outcome belongs. */
export interface OutcomePlaces {
  /** File for the release or the failure, absolute. */
  readonly file: string | undefined;
  /** ConfigMap for the same. */
  readonly configMap: string | undefined;
  /** File for a failure's message, absolute. */
  readonly terminationLog: string | undefined;
  /** Whether the release or the failure is printed too, as the last line. */
  readonly json?: boolean;
}

/** Where the outcome belongs, whether or not the other settings can be used. */
export function outcomePlacesOf(source: SettingsSource, folder: string): OutcomePlaces {
  const given = collectGiven(source, generalOptions, []);
  const textOf = (key: string) => {
    const value = given.get(key)?.value;
    return value === undefined ? undefined : String(value);
  };
  const fileOf = (key: string) => {
    const path = textOf(key);
    return path === undefined ? undefined : resolve(folder, path);
  };
  return {
    file: fileOf("outcomeFile"),
    configMap: textOf("outcomeConfigMap"),
    terminationLog: fileOf("terminationLog"),
    json: given.get("json")?.value === true,
  };
}

/** What a store behind the tracker is reached with; a flag may name the tracker. */
function storeVariables({ variables }: SettingsSource, given: ReadonlyMap<string, Given>) {
  const trackingUri = given.get("trackingUri")?.value;
  return { ...variables, ...(trackingUri ? { MLFLOW_TRACKING_URI: String(trackingUri) } : {}) };
}

/** `{"hyperparameters.epochs": 5}` as `{hyperparameters: {epochs: 5}}`. */
function nested(given: ReadonlyMap<string, Given>): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const hyperparameters: Record<string, unknown> = {};
  for (const [key, { value }] of given) {
    const [group, name] = key.split(/\.(.*)/s);
    if (group === "hyperparameters" && name !== undefined) hyperparameters[name] = value;
    else settings[key] = value;
  }
  return { ...settings, hyperparameters };
}

function unknownFlag(flag: string, options: readonly Option[]): string {
  return `${flag}: there is no such flag; the flags are ${options.flatMap((option) => flagOf(option) ?? []).join(", ")}`;
}

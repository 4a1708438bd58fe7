import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { Digest } from "@updraft/contracts/digest";
import { GateRules } from "@updraft/contracts/gate";
import { SweepTrial } from "@updraft/contracts/sweep";
import { z } from "zod";
import type { Config } from "./config/config.ts";
import { ConfigError } from "./config/config-error.ts";
import type { EvaluationPlan, TrainingPlan } from "./platform.ts";

const trainer = join(import.meta.dirname, "../trainer/main.ts");

const Plan = z.object({
  model: z.string(),
  dataset: z.string(),
  hyperparameters: z.record(z.string(), z.unknown()),
  seed: z.int(),
  gate: GateRules,
  quality: z.record(z.string(), z.unknown()),
  datasetFingerprint: z.string(),
  codeDigest: Digest,
  trials: z.array(SweepTrial).optional(),
}) satisfies z.ZodType<Omit<TrainingPlan, "kind">>;

/** What of a configuration decides what is trained. */
type PlannedConfig = Pick<Config, "gate"> & {
  readonly model: Pick<
    Config["model"],
    "name" | "dataset" | "seed" | "hyperparameters" | "quality" | "warmStart"
  >;
};

/**
 * Asks the trainer what it would do with the configured model: only it knows the model's defaults
 * and which hyperparameters there are.
 * @throws {ConfigError} with the trainer's words if the settings cannot be used
 */
export async function trainingPlan(config: PlannedConfig): Promise<TrainingPlan> {
  const { model, gate } = config;
  const settings = {
    TRAINER_MODEL: model.name,
    TRAINER_DATASET: model.dataset,
    TRAINER_SEED: model.seed?.toString(),
    TRAINER_HYPERPARAMETERS: JSON.stringify(model.hyperparameters),
    TRAINER_GATE: gate && JSON.stringify(gate),
    TRAINER_QUALITY: model.quality && JSON.stringify(model.quality),
    TRAINER_SWEEP: "sweep" in model && model.sweep ? JSON.stringify(model.sweep) : undefined,
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [trainer, "plan"], {
      env: { ...process.env, ...settings },
      timeout: 60_000,
    });
    // The version that a training begins with is known only when it begins.
    const { warmStart } = model;
    const plan = Plan.parse(JSON.parse(stdout));
    return { kind: "training", ...plan, ...(warmStart ? { warmStart } : {}) };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    if (said === "") throw error;
    throw new ConfigError(said.split("\n").map((line) => line.trim()));
  }
}

/** What the trainer is told to judge a package by, for the stack that takes over the release. */
export function evaluationVariables(plan: EvaluationPlan, stack: string): Record<string, string> {
  return {
    TRAINER_MODEL: plan.model,
    TRAINER_DATASET: plan.dataset,
    TRAINER_SEED: String(plan.seed),
    TRAINER_GATE: JSON.stringify(plan.gate),
    TRAINER_QUALITY: JSON.stringify(plan.quality),
    TRAINER_STACK: stack,
  };
}

/** The plan of a training as the trainer is told it. */
export function trainerVariables(plan: TrainingPlan, stack: string): Record<string, string> {
  return {
    ...evaluationVariables(plan, stack),
    TRAINER_HYPERPARAMETERS: JSON.stringify(plan.hyperparameters),
    ...(plan.warmStart ? { TRAINER_WARM_START: plan.warmStart } : {}),
    ...(plan.source ? { TRAINER_SOURCE: JSON.stringify(plan.source) } : {}),
  };
}

import type * as pulumi from "@pulumi/pulumi";
import type { TrainingArgs, TrainingPlan } from "../platform.ts";
import { trainerVariables } from "../training-plan.ts";
import { LocalRun } from "./local-run.ts";
import type { LocalTarget } from "./local-target.ts";

/** The trainer as a process that the update waits for. */
export class Training extends LocalRun {
  constructor(
    name: string,
    args: TrainingArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, model, stack } = args;
    const run = {
      shown: { plan, retrain: model.retrain },
      command: "train",
      settings: trainerVariables(plan, stack),
      always: model.retrain === "always",
      triggers: triggersOf(plan),
    } as const;
    super("updraft:platform:Training", name, args, run, opts);
  }
}

/** What makes another model. */
function triggersOf(plan: TrainingPlan): Record<string, unknown> {
  return {
    model: plan.model,
    dataset: plan.dataset,
    datasetFingerprint: plan.datasetFingerprint,
    hyperparameters: plan.hyperparameters,
    seed: plan.seed,
    gate: plan.gate,
    quality: plan.quality,
    code: plan.codeDigest,
    ...(plan.warmStart ? { warmStart: plan.warmStart } : {}),
  };
}

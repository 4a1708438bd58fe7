import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { RunOutputs, TrainingArgs, TrainingPlan } from "../platform.ts";
import { trainerVariables } from "../training-plan.ts";
import type { LocalTarget } from "./local-target.ts";
import { trainerTask } from "./trainer-task.ts";

/** The trainer as a process that the update waits for. */
export class Training extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(
    name: string,
    args: TrainingArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, model, stack } = args;
    super("updraft:platform:Training", name, { plan, retrain: model.retrain }, opts);
    const run = {
      command: "train",
      settings: trainerVariables(plan, stack),
      always: model.retrain === "always",
      triggers: triggersOf(plan),
    } as const;
    this.release = trainerTask(name, args, run, this).release;
    this.gate = this.release.gate;
    this.runUrl = args.tracker.runUrl(this.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
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
    code: plan.codeDigest,
  };
}

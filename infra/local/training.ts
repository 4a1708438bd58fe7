import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import { checkout } from "../checkout.ts";
import type { TrainingArgs, TrainingOutputs } from "../platform.ts";
import { trainerVariables } from "../training-plan.ts";
import type { LocalTarget } from "./local-target.ts";
import { Task } from "./task.ts";

/** The trainer as a process that the update waits for. */
export class Training extends pulumi.ComponentResource implements TrainingOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(
    name: string,
    args: TrainingArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "updraft:platform:Training",
      name,
      { plan: args.plan, retrain: args.model.retrain },
      opts,
    );
    const { folder } = args.environment;
    const outcomeFile = pulumi.interpolate`${folder}/run/training.json`;
    const run = new Task(
      `${name}-run`,
      {
        entry: `${checkout}/trainer/main.ts`,
        args: ["train"],
        cwd: checkout,
        env: {
          ...trainerVariables(args.plan, args.stack),
          ...args.tracker.variables,
          TRAINER_STORE_URI: args.store.uri,
          TRAINER_OUTCOME_FILE: outcomeFile,
        },
        logFile: pulumi.interpolate`${folder}/logs/training.log`,
        outcomeFile,
        always: args.model.retrain === "always",
        triggers: triggersOf(args),
      },
      { parent: this },
    );
    this.release = run.release;
    this.gate = run.release.gate;
    this.runUrl = args.tracker.runUrl(run.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

/**
 * What makes another model: the plan, in words that a preview can show; and a tracker that keeps
 * the packages, because another one has none of them.
 */
function triggersOf({
  plan,
  store,
}: Pick<TrainingArgs<LocalTarget>, "plan" | "store">): Record<string, unknown> {
  const tracker = store.variables["MLFLOW_TRACKING_URI"];
  return {
    ...(tracker === undefined ? {} : { tracker }),
    model: plan.model,
    dataset: plan.dataset,
    datasetFingerprint: plan.datasetFingerprint,
    hyperparameters: plan.hyperparameters,
    seed: plan.seed,
    gate: plan.gate,
    code: plan.codeDigest,
  };
}

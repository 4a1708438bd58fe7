import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { RunOutputs, TrainingArgs } from "../../platform.ts";
import { trainerVariables } from "../../training-plan.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { plannedJob } from "./planned-job.ts";
import type { RunSweep } from "./run-job.ts";
import { trainerRun } from "./trainer-run.ts";

type Args = TrainingArgs<KubernetesTarget>;

/** The trainer as a Job that the update waits for; after the trials of a sweep, where there is one. */
export class Training extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { plan, model, stack } = args;
    super("updraft:platform:Training", name, { plan, retrain: model.retrain }, opts);
    const job = { ...plannedJob(args, trainerVariables(plan, stack)), sweep: sweepOf(args) };
    const run = trainerRun(name, args, { job, inputs: plan, repeat: model.retrain }, this);
    this.release = run.release;
    this.gate = run.gate;
    this.runUrl = run.runUrl;
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

function sweepOf({ plan: { trials }, model: { sweep } }: Args): RunSweep | undefined {
  if (sweep === undefined || trials === undefined) return undefined;
  return { trials, parallelism: sweep.parallelism, settings: JSON.stringify(sweep) };
}

import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { RollbackArgs, RunOutputs } from "../platform.ts";
import { rollbackVariables } from "../rollback-variables.ts";
import type { LocalTarget } from "./local-target.ts";
import { trainerTask } from "./trainer-task.ts";

/** A version that has served before, made the champion again by a process. */
export class Rollback extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(
    name: string,
    args: RollbackArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, stack } = args;
    super("updraft:platform:Rollback", name, { plan }, opts);
    const run = {
      command: "rollback",
      settings: rollbackVariables(plan, stack),
      always: false,
      triggers: { model: plan.model, pin: plan.pin },
    } as const;
    this.release = trainerTask(name, args, run, this).release;
    this.gate = this.release.gate;
    this.runUrl = args.tracker.runUrl(this.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

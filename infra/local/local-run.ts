import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { ReleasePlan, RunArgs, RunOutputs } from "../platform.ts";
import type { LocalTarget } from "./local-target.ts";
import { trainerTask, type TrainerTaskArgs } from "./trainer-task.ts";

/** A way to a release: a command of the trainer as a process that the update waits for. */
export class LocalRun extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  /**
   * @param type of the component
   * @param shown its inputs, as previews and the state have them
   */
  protected constructor(
    type: `updraft:platform:${string}`,
    name: string,
    args: RunArgs<LocalTarget, ReleasePlan>,
    { shown, ...task }: TrainerTaskArgs & { readonly shown: pulumi.Inputs },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, shown, opts);
    this.release = trainerTask(name, args, task, this).release;
    this.gate = this.release.gate;
    this.runUrl = args.tracker.runUrl(this.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

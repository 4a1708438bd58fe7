import type * as pulumi from "@pulumi/pulumi";
import type { RollbackArgs } from "../platform.ts";
import { rollbackVariables } from "../rollback-variables.ts";
import { LocalRun } from "./local-run.ts";
import type { LocalTarget } from "./local-target.ts";

/** A version that has served before, made the champion again by a process. */
export class Rollback extends LocalRun {
  constructor(
    name: string,
    args: RollbackArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, stack } = args;
    const run = {
      shown: { plan },
      command: "rollback",
      settings: rollbackVariables(plan, stack),
      always: false,
      triggers: { model: plan.model, pin: plan.pin },
    } as const;
    super("updraft:platform:Rollback", name, args, run, opts);
  }
}

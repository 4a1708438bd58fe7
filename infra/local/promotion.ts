import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { PromotionArgs, PromotionPlan, RunOutputs } from "../platform.ts";
import { evaluationVariables } from "../training-plan.ts";
import type { LocalTarget } from "./local-target.ts";
import { trainerTask } from "./trainer-task.ts";

/** The release of another stack, fetched, evaluated and gated again by a process. */
export class Promotion extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(
    name: string,
    args: PromotionArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, stack } = args;
    const { sourceVariables: _secret, ...shown } = plan;
    super("updraft:platform:Promotion", name, { plan: shown }, opts);
    const run = {
      command: "promote",
      settings: {
        ...evaluationVariables(plan, stack),
        TRAINER_SOURCE: JSON.stringify(plan.source),
        TRAINER_SOURCE_VARIABLES: plan.sourceVariables.apply((found) => JSON.stringify(found)),
      },
      always: false,
      triggers: triggersOf(plan),
    } as const;
    this.release = trainerTask(name, args, run, this).release;
    this.gate = this.release.gate;
    this.runUrl = args.tracker.runUrl(this.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

/** What makes another verdict: other bytes, data or rules. */
function triggersOf({ source, ...plan }: PromotionPlan): Record<string, unknown> {
  return {
    model: plan.model,
    source: source.stack,
    digest: source.release.digest,
    dataset: plan.dataset,
    datasetFingerprint: plan.datasetFingerprint,
    gate: plan.gate,
    code: plan.codeDigest,
  };
}

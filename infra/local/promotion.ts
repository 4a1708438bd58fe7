import type * as pulumi from "@pulumi/pulumi";
import type { PromotionArgs, PromotionPlan } from "../platform.ts";
import { evaluationVariables } from "../training-plan.ts";
import { LocalRun } from "./local-run.ts";
import type { LocalTarget } from "./local-target.ts";

/** The release of another stack, fetched, evaluated and gated again by a process. */
export class Promotion extends LocalRun {
  constructor(
    name: string,
    args: PromotionArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { plan, stack } = args;
    const { sourceVariables, ...shown } = plan;
    const run = {
      shown: { plan: shown },
      command: "promote",
      settings: {
        ...evaluationVariables(plan, stack),
        TRAINER_SOURCE: JSON.stringify(plan.source),
        TRAINER_SOURCE_VARIABLES: sourceVariables.apply((found) => JSON.stringify(found)),
      },
      always: false,
      triggers: triggersOf(plan),
    } as const;
    super("updraft:platform:Promotion", name, args, run, opts);
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
    quality: plan.quality,
    code: plan.codeDigest,
  };
}

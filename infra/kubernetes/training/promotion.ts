import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { PromotionArgs, PromotionPlan, RunOutputs } from "../../platform.ts";
import { evaluationVariables } from "../../training-plan.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { plannedJob } from "./planned-job.ts";
import type { RunJob } from "./run-job.ts";
import { egressToSource } from "./source/source-address.ts";
import { sourceObjects, type SourceInPod } from "./source/source-objects.ts";
import { trainerRun } from "./trainer-run.ts";

type Args = PromotionArgs<KubernetesTarget>;

/** The release of another stack, fetched, evaluated and gated again by a Job. */
export class Promotion extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { environment, plan } = args;
    const { sourceVariables: _secret, bundle: _large, ...shown } = plan;
    super("updraft:platform:Promotion", name, { plan: shown }, opts);
    const source = sourceObjects(name, plan, environment, this);
    const { clusterDomain } = environment.config.kubernetes;
    const { uri } = plan.source.release;
    // Whom it calls is no secret: it stands in a policy.
    const egress = pulumi.unsecret(
      plan.sourceVariables.apply((found) =>
        egressToSource({ uri, variables: found }, clusterDomain),
      ),
    );
    const run = trainerRun(
      name,
      args,
      {
        job: promotionJob(args, source),
        inputs: promotionInputs(plan),
        repeat: "on-change",
        needed: source.objects,
        egress,
      },
      this,
    );
    this.release = run.release;
    this.gate = run.gate;
    this.runUrl = run.runUrl;
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

function promotionJob(args: Args, { variables, folder }: SourceInPod): RunJob {
  const job = plannedJob(args, evaluationVariables(args.plan, args.stack));
  return { ...job, pod: { ...job.pod, access: [...job.pod.access, ...variables], folder } };
}

/** What makes another verdict: other bytes, data or rules. */
export function promotionInputs({ source, ...plan }: PromotionPlan): Record<string, unknown> {
  return {
    kind: plan.kind,
    model: plan.model,
    source: source.stack,
    digest: source.release.digest,
    dataset: plan.dataset,
    datasetFingerprint: plan.datasetFingerprint,
    seed: plan.seed,
    gate: plan.gate,
    quality: plan.quality,
    codeDigest: plan.codeDigest,
  };
}

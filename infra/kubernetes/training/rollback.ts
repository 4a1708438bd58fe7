import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { RollbackArgs, RunOutputs } from "../../platform.ts";
import { rollbackVariables } from "../../rollback-variables.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import type { ContainerResources } from "../resources.ts";
import { plannedJob } from "./planned-job.ts";
import type { RunJob } from "./run-job.ts";
import { trainerPart } from "./trainer-access.ts";
import { trainerRun } from "./trainer-run.ts";

/** It reads a registry and a package, and computes nothing. */
const rollbackResources: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { memory: "512Mi" },
};

/** Longest time that it may take, a node that has to pull the image included. */
const longestMinutes = 10;

type Args = RollbackArgs<KubernetesTarget>;

/** A version that has served before, made the champion again by a Job of seconds. */
export class Rollback extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { plan } = args;
    super("updraft:platform:Rollback", name, { plan }, opts);
    const job = rollbackJob(args);
    const run = trainerRun(name, args, { job, inputs: plan, repeat: "on-change" }, this);
    this.release = run.release;
    this.gate = run.gate;
    this.runUrl = run.runUrl;
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }
}

/** Neither a queue nor a GPU holds it up: something that serves is wrong. */
function rollbackJob(args: Args): RunJob {
  const job = plannedJob(args, rollbackVariables(args.plan, args.stack));
  return {
    ...job,
    labels: args.environment.labels(trainerPart),
    timeoutMinutes: Math.min(longestMinutes, job.timeoutMinutes),
    pod: { ...job.pod, defaultResources: rollbackResources, resources: {}, gpu: undefined },
  };
}

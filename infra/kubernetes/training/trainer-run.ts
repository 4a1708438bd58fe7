import { randomBytes } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@updraft/contracts/release";
import type { ReleasePlan, RunArgs, RunOutputs } from "../../platform.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import type { EgressRule } from "../network-policy.ts";
import { followRun } from "./follow/follow-run.ts";
import { releaseOf } from "./release-outcome.ts";
import { releaseName, runJob, type RunJob } from "./run-job.ts";
import { chooseRun, newRunId, otherUnfinished, type ChosenRun } from "./run-name.ts";
import { specLabel, specOf } from "./run-spec.ts";
import { sweepJob } from "./sweep-job.ts";
import { TrainerRights } from "./trainer-rights.ts";

type Args = RunArgs<KubernetesTarget, ReleasePlan>;

/** What differs between the ways to a release. */
export interface TrainerRun {
  readonly job: RunJob;
  /** What the result follows from: with something else it is another run. */
  readonly inputs: unknown;
  /** Whether a run that is complete is repeated by the next update. */
  readonly repeat: "always" | "on-change";
  /** What the pod needs, beside what every one does. */
  readonly needed?: readonly pulumi.Resource[];
  /** Whom it may call beside the stack's store and tracker. */
  readonly egress?: pulumi.Input<readonly EgressRule[]>;
}

/**
 * A command of the trainer as a Job that the update waits for, after the trials of a sweep where
 * there is one, and the release that it leaves.
 * @param name of the component
 * @param parent the component
 */
export function trainerRun(
  name: string,
  args: Args,
  planned: TrainerRun,
  parent: pulumi.Resource,
): RunOutputs {
  const { environment, gpuNodePool, store, tracker } = args;
  const rights = new TrainerRights("trainer", { ...args, egress: planned.egress ?? [] });
  const { run, jobs } = chosen(args, planned, parent);
  const first = [...rights.objects, ...store.ready, ...tracker.ready, ...(planned.needed ?? [])];
  const options = {
    parent,
    // A Job that an update left which was killed is taken over.
    provider: environment.runsProvider,
    dependsOn: [...first, ...(jobs.pod.gpu && gpuNodePool ? [gpuNodePool] : [])],
    customTimeouts: timeoutsOf(jobs.timeoutMinutes),
  };
  const { sweep } = jobs;
  const trials = sweep
    ? [new k8s.batch.v1.Job(`${name}-sweep`, sweepJob(run.id, { ...jobs, sweep }), options)]
    : [];
  const job = new k8s.batch.v1.Job(`${name}-run`, runJob(run.id, jobs), {
    ...options,
    dependsOn: [...options.dependsOn, ...trials],
  });
  followRun({ environment, run, jobs, told: parent });
  const release = releaseLeftBy(job, name, { parent, provider: environment.provider });
  return { release, gate: release.gate, runUrl: tracker.runUrl(release) };
}

/** Which run this update is about, and what its Jobs are. */
function chosen(
  { environment }: Args,
  { job, inputs, repeat }: TrainerRun,
  told: pulumi.Resource,
): { readonly run: ChosenRun; readonly jobs: RunJob } {
  const { facts, config } = environment;
  const { sweep } = job;
  const manifests = [runJob("", job), ...(sweep ? [sweepJob("", { ...job, sweep })] : [])];
  const spec = specOf({ inputs, config, jobs: manifests });
  const newId = newRunId(new Date(), randomBytes(2).toString("hex"));
  const run = chooseRun({ runs: facts.runs, spec, repeat, newId });
  const others = otherUnfinished(facts.runs, run);
  if (others.length > 0) void pulumi.log.warn(stillRunning(others), told);
  return { run, jobs: { ...job, labels: { ...job.labels, [specLabel]: spec } } };
}

/** What a Job leaves in its ConfigMap. */
function releaseLeftBy(
  job: k8s.batch.v1.Job,
  name: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<Release> {
  const { metadata, status } = job;
  const configMap = pulumi
    .all([metadata.namespace, metadata.name, status.apply((known) => known?.completionTime)])
    .apply(([namespace, jobName, completedAt]) => {
      // A preview may know a Job that still runs, which has not left anything yet.
      if (completedAt === undefined && pulumi.runtime.isDryRun()) return unknownText;
      return pulumi.output(`${namespace}/${releaseName(jobName)}`);
    });
  const found = k8s.core.v1.ConfigMap.get(`${name}-release`, configMap, {
    ...options,
    dependsOn: [job],
  });
  return pulumi.all([configMap, found.data]).apply(([place, data]) => releaseOf(place, data));
}

const unknownText = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;

/** A little more than the Job has, whose own end says better what was wrong. */
function timeoutsOf(minutes: number): pulumi.CustomTimeouts {
  const timeout = `${minutes + 2}m`;
  return { create: timeout, update: timeout };
}

function stillRunning(jobs: readonly string[]): string {
  const are = jobs.length === 1 ? "is a run" : "are runs";
  return (
    `${jobs.join(", ")} ${are} with other settings that has not ended. ` +
    `Where the stack's state knows it, it is deleted once this update is through; ` +
    `kubectl delete job ends it now.`
  );
}

import { randomBytes } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { TrainingArgs, RunOutputs } from "../../platform.ts";
import { trainerVariables } from "../../training-plan.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { followRun } from "./follow/follow-run.ts";
import { releaseOf } from "./release-outcome.ts";
import { chooseRun, newRunId, otherUnfinished, type ChosenRun } from "./run-name.ts";
import { specLabel, specOf } from "./run-spec.ts";
import { sweepJob } from "./sweep-job.ts";
import {
  trainerNetworkPolicy,
  trainerPart,
  trainerRole,
  trainerRoleBinding,
  trainerServiceAccount,
} from "./trainer-access.ts";
import { releaseName, trainingJob, type RunJob } from "./training-job.ts";

type Args = TrainingArgs<KubernetesTarget>;

/** The trainer as a Job that the update waits for; after the trials of a sweep, where there is one. */
export class Training extends pulumi.ComponentResource implements RunOutputs {
  readonly release: pulumi.Output<Release>;
  readonly gate: pulumi.Output<GateReport>;
  readonly runUrl: pulumi.Output<string>;
  readonly #args: Args;

  constructor(name: string, args: Args, opts?: pulumi.ComponentResourceOptions) {
    const { environment, plan, model, settings } = args;
    super("updraft:platform:Training", name, { plan, retrain: model.retrain }, opts);
    this.#args = args;
    const access = this.#access(name);
    const { run, jobs } = this.#run();
    const needed = [...access, ...args.store.ready, ...args.tracker.ready];
    const options = {
      parent: this,
      // A Job that an update left which was killed is taken over.
      provider: environment.runsProvider,
      dependsOn: [...needed, ...(args.gpuNodePool ? [args.gpuNodePool] : [])],
      customTimeouts: timeoutsOf(settings.timeoutMinutes),
    };
    const { sweep } = jobs;
    const trials = sweep
      ? [new k8s.batch.v1.Job(`${name}-sweep`, sweepJob(run.id, { ...jobs, sweep }), options)]
      : [];
    const job = new k8s.batch.v1.Job(`${name}-run`, trainingJob(run.id, jobs), {
      ...options,
      dependsOn: [...options.dependsOn, ...trials],
    });
    followRun({ environment, run, jobs, told: this });
    this.release = this.#release(name, job);
    this.gate = this.release.gate;
    this.runUrl = args.tracker.runUrl(this.release);
    this.registerOutputs({ release: this.release, gate: this.gate, runUrl: this.runUrl });
  }

  /** What the trainer may do in the namespace, and whom it may call. */
  #access(name: string): pulumi.Resource[] {
    const { environment, store, tracker, settings } = this.#args;
    const options = { parent: this, provider: environment.provider };
    const { egress, serviceAccountAnnotations } = store.access.trainer;
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      trainerServiceAccount(environment, serviceAccountAnnotations),
      options,
    );
    const role = new k8s.rbac.v1.Role(`${name}-role`, trainerRole(environment), options);
    const binding = new k8s.rbac.v1.RoleBinding(
      `${name}-role-binding`,
      trainerRoleBinding(environment),
      { ...options, dependsOn: [role, account] },
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      `${name}-policy`,
      trainerNetworkPolicy(environment, {
        egress: [...egress, ...tracker.access.egress],
        apiServer: environment.facts.apiServer,
        internet: settings.internet,
      }),
      options,
    );
    return [account, role, binding, policy];
  }

  /** Which run this update is about, and what its Jobs are. */
  #run(): { readonly run: ChosenRun; readonly jobs: RunJob } {
    const { environment, plan, model } = this.#args;
    const { facts, config } = environment;
    const jobs = runJob(this.#args);
    const { sweep } = jobs;
    const manifests = [trainingJob("", jobs), ...(sweep ? [sweepJob("", { ...jobs, sweep })] : [])];
    const spec = specOf({ plan, config, jobs: manifests });
    const run = chooseRun({
      runs: facts.runs,
      spec,
      retrain: model.retrain,
      newId: newRunId(new Date(), randomBytes(2).toString("hex")),
    });
    const others = otherUnfinished(facts.runs, run);
    if (others.length > 0) void pulumi.log.warn(stillRunning(others), this);
    return { run, jobs: { ...jobs, labels: { ...jobs.labels, [specLabel]: spec } } };
  }

  #release(name: string, job: k8s.batch.v1.Job): pulumi.Output<Release> {
    const { provider } = this.#args.environment;
    const { metadata, status } = job;
    const configMap = pulumi
      .all([metadata.namespace, metadata.name, status.apply((known) => known?.completionTime)])
      .apply(([namespace, jobName, completedAt]) => {
        // A preview may know a Job that still runs, which has not left anything yet.
        if (completedAt === undefined && pulumi.runtime.isDryRun()) return unknownText;
        return pulumi.output(`${namespace}/${releaseName(jobName)}`);
      });
    const found = k8s.core.v1.ConfigMap.get(`${name}-release`, configMap, {
      parent: this,
      provider,
      dependsOn: [job],
    });
    return pulumi.all([configMap, found.data]).apply(([place, data]) => releaseOf(place, data));
  }
}

const unknownText = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;

function runJob({ environment, stack, store, tracker, plan, settings, model }: Args): RunJob {
  const { config, images, namespace } = environment;
  const { queue } = settings;
  const { gpu } = config;
  const { sweep } = model;
  return {
    place: { namespace },
    // Kueue's webhook suspends a Job with this label; without Kueue it starts at once.
    labels: environment.labels(trainerPart, queue ? { "kueue.x-k8s.io/queue-name": queue } : {}),
    timeoutMinutes: settings.timeoutMinutes,
    pod: {
      image: images.trainer,
      pullSecrets: config.images.pullSecrets,
      labels: environment.labels(trainerPart),
      settings: { ...trainerVariables(plan, stack), TRAINER_STORE_URI: store.uri },
      access: [...tracker.access.variables, ...store.access.trainer.variables],
      resources: settings.resources,
      priorityClass: settings.priorityClass,
      gpu: gpu && { count: gpu.count, runtimeClass: gpu.runtimeClass?.name },
    },
    ...(sweep && plan.trials
      ? {
          sweep: {
            trials: plan.trials,
            parallelism: sweep.parallelism,
            settings: JSON.stringify(sweep),
          },
        }
      : {}),
  };
}

/** A little more than the Job has, whose own end says better what was wrong. */
function timeoutsOf(minutes: number): pulumi.CustomTimeouts {
  const timeout = `${minutes + 2}m`;
  return { create: timeout, update: timeout };
}

function stillRunning(jobs: readonly string[]): string {
  const are = jobs.length === 1 ? "is a run" : "are runs";
  return (
    `${jobs.join(", ")} ${are} with other settings that has not ended. ` +
    `Where the stack's state knows it, it is deleted once this update has trained; ` +
    `kubectl delete job ends it now.`
  );
}

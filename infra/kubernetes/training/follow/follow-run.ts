import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../../config/config.ts";
import type { ClusterAccess } from "../../cluster/cluster-connection.ts";
import type { Environment } from "../../environment/environment.ts";
import { runJobName, type RunJob } from "../run-job.ts";
import type { ChosenRun, RunKind } from "../run-name.ts";
import { sweepName } from "../sweep-job.ts";
import { clusterReader } from "./cluster-reader.ts";
import { followJob, type FollowedJob } from "./follow-job.ts";
import type { News } from "./job-news.ts";

/** Between two looks at the cluster, in milliseconds. */
const pauseMs = 2000;

export interface RunToFollow {
  readonly environment: Environment;
  readonly run: ChosenRun;
  readonly jobs: RunJob;
  /** At whose line it is told: one that the engine knows already, which the Job's own is not. */
  readonly told: pulumi.Resource;
}

/**
 * Tells an update what its run does: the plugin waits for Jobs, and keeps what they print to
 * itself. It ends with the Jobs, and keeps neither the update nor its process.
 */
export function followRun({ environment, run, jobs, told }: RunToFollow): void {
  const { config, facts, namespace } = environment;
  const say = ({ text, isLasting }: News) =>
    void pulumi.log.info(text, told, undefined, !isLasting);
  const job = runJobName(jobs.kind, run.id);
  const known = knownRun(job, run.state, jobs.kind);
  if (known !== undefined) say({ text: known, isLasting: true });
  if (pulumi.runtime.isDryRun() || !facts.isReachable || run.state === "complete") return;
  const { context, clusterStack } = config.kubernetes;
  const access = { context, kubeconfig: facts.kubeconfig };
  // A queue may hold a Job back for longer; then the next update attaches to it.
  const signal = AbortSignal.timeout((2 * jobs.timeoutMinutes + 5) * 60_000);
  namespace.apply((name) => {
    say({
      text: `to follow it by hand: ${followCommand(name, job, { context, clusterStack })}`,
      isLasting: true,
    });
    const followed = { namespace: name, say, signal, pauseMs };
    const sweep = jobs.sweep && sweepName(run.id);
    void follow(followed, { job, sweep }, access);
  });
}

async function follow(
  followed: Omit<FollowedJob, "reader" | "job" | "by">,
  { job, sweep }: { readonly job: string; readonly sweep: string | undefined },
  access: ClusterAccess,
): Promise<void> {
  try {
    const reader = await clusterReader(access);
    if (sweep !== undefined) await followJob({ ...followed, reader, job: sweep, by: "trials" });
    await followJob({ ...followed, reader, job, by: "log" });
  } catch (error) {
    void pulumi.log.debug(`the run cannot be followed: ${String(error)}`);
  }
}

/** What an update is told of a run that it has not started. */
export function knownRun(
  job: string,
  state: ChosenRun["state"],
  kind: RunKind,
): string | undefined {
  if (state === "new") return undefined;
  if (state === "complete") return `${job} ${done[kind]}`;
  return `${job} is on its way since an update that was stopped; this one waits for it`;
}

const done: Readonly<Record<RunKind, string>> = {
  training: "has trained this already (updraft:model.retrain)",
  promotion: "has promoted this already",
  rollback: "has brought this version back already",
};

/** The command that shows a run's log in a terminal. */
export function followCommand(
  namespace: string,
  job: string,
  { context, clusterStack }: Pick<KubernetesConfig["kubernetes"], "context" | "clusterStack">,
): string {
  const chosen = context === undefined ? "" : ` --context ${context}`;
  const told =
    clusterStack === undefined
      ? ""
      : ` --kubeconfig <(pulumi stack output kubeconfig --show-secrets --stack ${clusterStack})`;
  return `kubectl${chosen}${told} --namespace ${namespace} logs --follow job/${job}`;
}

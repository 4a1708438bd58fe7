import {
  isOwnedBy,
  type KubeObject,
  listAt,
  namespaceOf,
  numberAt,
  stringAt,
} from "../objects/kube-object.ts";
import { podWarnings, shownName } from "./pod.ts";
import { info, type Observation, type Readiness, type Verdict, warning } from "./verdict.ts";

/** Reasons of a failed Job that end the update at once; with any other it goes on waiting. */
const finalReasons = new Set(["BackoffLimitExceeded", "DeadlineExceeded"]);

/** Whether a Job has ended well. */
export function isJobComplete(job: KubeObject): boolean {
  return isStarted(job) && failureOf(job) === undefined && hasCondition(job, "Complete");
}

/** Complete, or failed for one of two reasons; its pods have their say in the errors. */
export const jobReadiness: Readiness = {
  related: [{ group: "", version: "v1", kind: "Pod" }],
  collectsErrors: true,
  judge: ({ object: job, related }: Observation): Verdict => {
    const pods = related("Pod").filter(
      (pod) => namespaceOf(pod) === namespaceOf(job) && isOwnedBy(pod, job),
    );
    const warnings = podWarnings(pods);
    const failure = isStarted(job) ? failureOf(job) : undefined;
    return {
      ready: isJobComplete(job),
      failed: failure !== undefined,
      errors: [...warnings, ...(failure === undefined ? [] : [failure])],
      status: [
        ...progressOf(job).map(info),
        // Part of every run; it counts only where the run fails.
        ...warnings
          .filter((message) => !message.includes("containers with unready status"))
          .map(warning),
      ],
    };
  },
};

function progressOf(job: KubeObject): string[] {
  const name = shownName(job);
  const start = `Waiting for Job "${name}" to start`;
  if (!isStarted(job)) return [start];
  const [active, succeeded, failed] = ["active", "succeeded", "failed"].map(
    (key) => numberAt(job, "status", key) ?? 0,
  );
  const progress = `(Active: ${active} | Succeeded: ${succeeded} | Failed: ${failed})`;
  return [start, `Waiting for Job "${name}" to succeed ${progress}`];
}

function isStarted(job: KubeObject): boolean {
  return stringAt(job, "status", "startTime") !== "";
}

function failureOf(job: KubeObject): string | undefined {
  const condition = conditionsOf(job).findLast((one) => stringAt(one, "type") === "Failed");
  const reason = stringAt(condition, "reason");
  if (stringAt(condition, "status") !== "True" || !finalReasons.has(reason)) return undefined;
  return `[${reason}] ${stringAt(condition, "message")}`;
}

function hasCondition(job: KubeObject, type: string): boolean {
  const condition = conditionsOf(job).findLast((one) => stringAt(one, "type") === type);
  return stringAt(condition, "status") === "True";
}

function conditionsOf(job: KubeObject): readonly unknown[] {
  return listAt(job, "status", "conditions");
}

import {
  fieldAt,
  type KubeObject,
  listAt,
  nameOf,
  namespaceOf,
  numberAt,
  stringAt,
} from "../objects/kube-object.ts";
import { info, type Observation, type Readiness, type Verdict } from "./verdict.ts";

/** One step on a pod's way to being ready. */
interface Step {
  readonly ok: boolean;
  readonly description: string;
  /** What is wrong, worth a warning. */
  readonly warning?: string;
}

/** Whether a pod is ready, and what its containers say where it is not. */
export function podState(pod: KubeObject): {
  readonly ready: boolean;
  readonly warnings: readonly string[];
  readonly descriptions: readonly string[];
} {
  const done: Step[] = [];
  for (const step of [scheduled, initialised, ready]) {
    const result = step(pod);
    done.push(result);
    if (!result.ok) break;
  }
  return {
    ready: done.every(({ ok }) => ok),
    warnings: done.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
    descriptions: done.map(({ description }) => description),
  };
}

/** What is wrong with pods, in the words of their containers. */
export function podWarnings(pods: readonly KubeObject[]): string[] {
  return pods.flatMap((pod) => podState(pod).warnings);
}

export const podReadiness: Readiness = {
  related: [],
  judge: ({ object }: Observation): Verdict => {
    const state = podState(object);
    return { ready: state.ready, errors: state.warnings, status: state.descriptions.map(info) };
  },
};

function scheduled(pod: KubeObject): Step {
  const condition = conditionOf(pod, "PodScheduled");
  return {
    ok: stringAt(condition, "status") === "True",
    description: `Waiting for Pod "${shownName(pod)}" to be scheduled`,
  };
}

function initialised(pod: KubeObject): Step {
  const condition = conditionOf(pod, "Initialized");
  const description = `Waiting for Pod "${shownName(pod)}" to be initialized`;
  if (stringAt(condition, "status") === "True") return { ok: true, description };
  return { ok: false, description, ...warningOf(pod, condition) };
}

function ready(pod: KubeObject): Step {
  const condition = conditionOf(pod, "Ready");
  const description = `Waiting for Pod "${shownName(pod)}" to be ready`;
  const isReady = stringAt(condition, "status") === "True";
  if (condition && (isReady || stringAt(pod, "status", "phase") === "Succeeded")) {
    return { ok: true, description };
  }
  return { ok: false, description, ...warningOf(pod, condition) };
}

function warningOf(pod: KubeObject, condition: unknown): { warning?: string } {
  if (condition === undefined) return {};
  const message = stringAt(condition, "message");
  const errors = listAt(pod, "status", "containerStatuses").flatMap(containerErrors);
  if (errors.length === 0 && message === "") return {};
  const told = stringAt(condition, "reason") === "" ? "" : message;
  return { warning: `[Pod ${shownName(pod)}]: ${told}${errors.join("\n")}` };
}

function containerErrors(status: unknown): string[] {
  if (fieldAt(status, "ready") === true) return [];
  return [...waitingErrors(status), ...terminatedErrors(status), ...lastErrors(status)];
}

function waitingErrors(status: unknown): string[] {
  const waiting = fieldAt(status, "state", "waiting");
  const reason = stringAt(waiting, "reason");
  if (waiting === undefined || reason === "ContainerCreating") return [];
  return [`[${reason}] ${shortened(stringAt(waiting, "message"))}`];
}

function terminatedErrors(status: unknown): string[] {
  const terminated = fieldAt(status, "state", "terminated");
  const reason = stringAt(terminated, "reason");
  if (reason === "") return [];
  const message = stringAt(terminated, "message");
  if (message !== "") return [`[${reason}] ${shortened(message)}`];
  const code = numberAt(terminated, "exitCode") ?? 0;
  return [`container "${stringAt(status, "name")}" completed with exit code ${code}`];
}

function lastErrors(status: unknown): string[] {
  const terminated = fieldAt(status, "lastState", "terminated");
  if (terminated === undefined) return [];
  const at = stringAt(terminated, "finishedAt");
  const cause = `${stringAt(terminated, "reason")}: exit code ${numberAt(terminated, "exitCode") ?? 0}`;
  const message = stringAt(terminated, "message");
  return [
    `container "${stringAt(status, "name")}" terminated at ${at} (${cause})`,
    ...(message === "" ? [] : [message]),
  ];
}

/** A failed pull without the parts that help nobody. */
function shortened(message: string): string {
  const prefix = "rpc error: code = Unknown desc = Error response from daemon: ";
  const start = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return start.endsWith(": manifest unknown")
    ? start.slice(0, -": manifest unknown".length)
    : start;
}

function conditionOf(pod: KubeObject, type: string): unknown {
  return listAt(pod, "status", "conditions").find(
    (condition) => stringAt(condition, "type") === type,
  );
}

/** `namespace/name`, or the name alone of what is in the default namespace. */
export function shownName(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" || namespace === "default"
    ? nameOf(object)
    : `${namespace}/${nameOf(object)}`;
}

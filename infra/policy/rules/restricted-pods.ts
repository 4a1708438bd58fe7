import { containersOf, podOf, whereOf } from "../manifest.ts";
import { resourceRule } from "../rule.ts";
import { at, listAt, unknownYet } from "../values.ts";

/**
 * Every pod keeps to the Pod Security Standard `restricted`.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const restrictedPods = resourceRule(
  {
    name: "restricted-pods",
    severity: "mandatory",
    what: "Pods keep to the Pod Security Standard `restricted`: no root, no escalation, nothing of the node.",
    why: "Who breaks into a container that runs as root, or near the node, has the node.",
  },
  (resource) => {
    const pod = podOf(resource);
    if (pod === undefined || pod === unknownYet) return [];
    const containers = containersOf(resource);
    const places = [
      { where: whereOf(resource), problems: podProblems(pod), fix: fixOfPod },
      ...containers.map(({ where, spec }) => ({
        where,
        problems: containerProblems(pod, spec),
        fix: "set them in securityContext of pod and container",
      })),
    ];
    return places
      .filter(({ problems }) => problems.length > 0)
      .map(({ where, problems, fix }) => ({ where, problem: problems.join(", "), fix }));
  },
);

const fixOfPod = "take them out, or bring the pod into a namespace of its own and except it";

/** What opens the node to a pod. */
function podProblems(pod: unknown): string[] {
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => at(pod, key) === true);
  const folders = listAt(pod, "volumes").filter((volume) => isThere(at(volume, "hostPath")));
  return [
    ...shared.map((key) => `${key} is true`),
    ...folders.map((volume) => `volume ${String(at(volume, "name"))} is a folder of the node`),
  ];
}

/** What a container is allowed that it should not be; what it does not say its pod says. */
function containerProblems(pod: unknown, container: unknown): string[] {
  const own = (...path: string[]) => at(container, "securityContext", ...path);
  const either = (...path: string[]) => own(...path) ?? at(pod, "securityContext", ...path);
  const problems: string[] = [];
  const wants = (key: string, found: unknown, expected: readonly unknown[]) => {
    if (found !== unknownYet && !expected.includes(found)) {
      problems.push(`${key} is ${found === undefined ? "not set" : String(found)}`);
    }
  };
  wants("runAsNonRoot", either("runAsNonRoot"), [true]);
  if (either("runAsUser") === 0) problems.push("runAsUser is 0");
  if (own("privileged") === true) problems.push("privileged is true");
  wants("allowPrivilegeEscalation", own("allowPrivilegeEscalation"), [false]);
  wants("seccompProfile.type", either("seccompProfile", "type"), ["RuntimeDefault", "Localhost"]);
  const dropped = own("capabilities", "drop");
  if (dropped !== unknownYet && !listAt(dropped).includes("ALL")) {
    problems.push("capabilities.drop has no ALL");
  }
  const added = listAt(own("capabilities", "add")).filter((name) => name !== "NET_BIND_SERVICE");
  problems.push(...added.map((name) => `capability ${String(name)} is added`));
  return [...problems, ...hostPorts(container)];
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== unknownYet;
}

function hostPorts(container: unknown): string[] {
  const taken = listAt(container, "ports").map((port) => at(port, "hostPort"));
  return taken
    .filter((port) => typeof port === "number")
    .map((port) => `port ${port} of the node is taken`);
}

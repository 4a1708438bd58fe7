import type { KubernetesConfig } from "../../config/config.ts";

/** Something that an update does. */
export interface Right {
  readonly verb: "create" | "patch";
  /** Empty for Kubernetes' core. */
  readonly group: string;
  readonly resource: string;
  /** Whether it is needed in the stack's namespace or in the whole cluster. */
  readonly scope: "namespace" | "cluster";
}

/** What an update has to be allowed. */
export function neededRights({ kubernetes, gpu }: KubernetesConfig): Right[] {
  const creates = (group: string, ...resources: string[]) =>
    resources.map((resource): Right => ({ verb: "create", group, resource, scope: "namespace" }));
  const cluster: Right[] = [];
  if (kubernetes.createNamespace) {
    cluster.push({ verb: "create", group: "", resource: "namespaces", scope: "cluster" });
  }
  if (gpu?.nodes) cluster.push({ verb: "patch", group: "", resource: "nodes", scope: "cluster" });
  return [
    ...cluster,
    ...creates(
      "",
      "configmaps",
      "persistentvolumeclaims",
      "secrets",
      "serviceaccounts",
      "services",
    ),
    ...creates("apps", "deployments", "statefulsets"),
    ...creates("autoscaling", "horizontalpodautoscalers"),
    ...creates("batch", "jobs"),
    ...creates("networking.k8s.io", "networkpolicies"),
    ...creates("policy", "poddisruptionbudgets"),
    ...creates("rbac.authorization.k8s.io", "rolebindings", "roles"),
  ];
}

/** The question to the API server whether this user has a right. */
export function rightReview({ verb, group, resource, scope }: Right, namespace: string) {
  return {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: {
      resourceAttributes: {
        verb,
        group,
        resource,
        ...(scope === "namespace" ? { namespace } : {}),
      },
    },
  };
}

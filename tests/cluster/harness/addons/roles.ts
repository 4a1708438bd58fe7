import type { KubernetesObject, V1PolicyRule } from "@kubernetes/client-node";

const group = "rbac.authorization.k8s.io";
const apiVersion = `${group}/v1`;

/** Namespace of what the cluster runs for itself. */
export const namespace = "kube-system";

/** A service account of the cluster's own. */
export function serviceAccount(name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

/** A role for all namespaces, given to a service account. */
export function clusterRole(
  name: string,
  account: string,
  rules: readonly V1PolicyRule[],
): KubernetesObject[] {
  const role = { apiVersion, kind: "ClusterRole", metadata: { name }, rules };
  return [role, clusterRoleBinding(name, account, name)];
}

/** Gives a service account a role that is there. */
export function clusterRoleBinding(name: string, account: string, role: string): KubernetesObject {
  const binding = {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
  return binding;
}

/** Gives a service account a role of its namespace. */
export function roleBinding(name: string, account: string, role: string): KubernetesObject {
  const binding = {
    apiVersion,
    kind: "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: group, kind: "Role", name: role },
    subjects: [{ kind: "ServiceAccount", name: account, namespace }],
  };
  return binding;
}

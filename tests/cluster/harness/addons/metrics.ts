import type { KubernetesObject, V1Deployment } from "@kubernetes/client-node";
import {
  clusterRole,
  clusterRoleBinding,
  namespace,
  roleBinding,
  serviceAccount,
} from "./roles.ts";

const name = "metrics-server";
const labels = { "k8s-app": name };

/** Name of the API that the metrics server answers. */
export const metricsApi = "v1beta1.metrics.k8s.io";

/** What pods use of processor and memory, for autoscalers. */
export function metrics(image: string, node: string): KubernetesObject[] {
  return [
    serviceAccount(name),
    readersRole(),
    ...clusterRole(`system:${name}`, name, [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
    ]),
    clusterRoleBinding(`${name}:system:auth-delegator`, name, "system:auth-delegator"),
    roleBinding(`${name}-auth-reader`, name, "extension-apiserver-authentication-reader"),
    deployment(image, node),
    service(),
    api(),
  ];
}

/** Whoever may see a namespace may see its metrics. */
function readersRole(): KubernetesObject {
  const aggregated = ["admin", "edit", "view"].map((role) => [
    `rbac.authorization.k8s.io/aggregate-to-${role}`,
    "true",
  ]);
  const role = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: "system:aggregated-metrics-reader",
      labels: Object.fromEntries(aggregated),
    },
    rules: [
      {
        apiGroups: ["metrics.k8s.io"],
        resources: ["pods", "nodes"],
        verbs: ["get", "list", "watch"],
      },
    ],
  };
  return role;
}

const args = [
  "--secure-port=10250",
  "--cert-dir=/tmp",
  "--kubelet-preferred-address-types=InternalIP",
  "--kubelet-use-node-status-port",
  "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
  "--metric-resolution=10s",
  // It does not start if this is not shorter than the resolution.
  "--kubelet-request-timeout=5s",
];

function deployment(image: string, node: string): V1Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: "system-cluster-critical",
          serviceAccountName: name,
          nodeSelector: { "kubernetes.io/hostname": node },
          containers: [
            {
              name,
              image,
              args,
              resources: { requests: { cpu: "20m", memory: "50Mi" } },
              ports: [{ name: "https", containerPort: 10_250 }],
              readinessProbe: {
                httpGet: { path: "/readyz", port: "https", scheme: "HTTPS" },
                periodSeconds: 2,
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                runAsUser: 1000,
                capabilities: { drop: ["ALL"] },
                seccompProfile: { type: "RuntimeDefault" },
              },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  };
}

function service(): KubernetesObject {
  const object = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: labels, ports: [{ name: "https", port: 443, targetPort: "https" }] },
  };
  return object;
}

function api(): KubernetesObject {
  const object = {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: metricsApi },
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { name, namespace },
    },
  };
  return object;
}

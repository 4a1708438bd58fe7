import type { KubernetesObject, V1Deployment, V1Service } from "@kubernetes/client-node";
import { addresses } from "../addresses.ts";
import { clusterRole, namespace, serviceAccount } from "./roles.ts";

const corefile = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
    }
    forward . /etc/resolv.conf
    cache 5
}
`;

/** The DNS server of the cluster, at the address that every pod is told. */
export function dns(image: string, node: string): KubernetesObject[] {
  return [
    serviceAccount("coredns"),
    ...clusterRole("system:coredns", "coredns", [
      reads("", ["endpoints", "services", "pods", "namespaces"]),
      reads("discovery.k8s.io", ["endpointslices"]),
    ]),
    config(),
    deployment(image, node),
    service(),
  ];
}

const labels = { "k8s-app": "kube-dns" };

function reads(apiGroup: string, resources: string[]) {
  return { apiGroups: [apiGroup], resources, verbs: ["list", "watch"] };
}

function config(): KubernetesObject {
  const data = { Corefile: corefile };
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns", namespace },
    data,
  };
  return object;
}

function deployment(image: string, node: string): V1Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: "system-cluster-critical",
          serviceAccountName: "coredns",
          dnsPolicy: "Default",
          nodeSelector: { "kubernetes.io/hostname": node },
          containers: [
            {
              name: "coredns",
              image,
              args: ["-conf", "/etc/coredns/Corefile"],
              resources: {
                requests: { cpu: "20m", memory: "40Mi" },
                limits: { memory: "170Mi" },
              },
              ports: [
                { name: "dns", containerPort: 53, protocol: "UDP" },
                { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
              ],
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
              readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
              livenessProbe: { httpGet: { path: "/health", port: 8080 }, initialDelaySeconds: 30 },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
              },
            },
          ],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}

function service(): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace, labels },
    spec: {
      clusterIP: addresses.dns,
      selector: labels,
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    },
  };
}

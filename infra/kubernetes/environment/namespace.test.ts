import { expect, it } from "vitest";
import { allowDns, denyAll, limitRange, resourceQuota, stackNamespace } from "./namespace.ts";

const place = { stack: "dev", namespace: "updraft-dev" };
const labels = {
  "app.kubernetes.io/name": "environment",
  "app.kubernetes.io/instance": "dev",
  "app.kubernetes.io/component": "namespace",
  "app.kubernetes.io/part-of": "updraft",
  "app.kubernetes.io/managed-by": "pulumi",
  "updraft.dev/stack": "dev",
};
const named = (name: string) => ({ name, namespace: "updraft-dev", labels });

it("holds every pod of a namespace to the standard restricted", () => {
  expect(stackNamespace("dev", "updraft-dev")).toEqual({
    metadata: {
      name: "updraft-dev",
      labels: {
        ...labels,
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    },
  });
});

it("denies every connection but the questions to the cluster's DNS", () => {
  expect(denyAll(place)).toEqual({
    metadata: named("deny-all"),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  expect(allowDns(place)).toEqual({
    metadata: named("allow-dns"),
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            },
          ],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    },
  });
});

it("limits the namespace and each container in it", () => {
  expect(resourceQuota(place, { "requests.cpu": "8" })).toEqual({
    metadata: named("quota"),
    spec: { hard: { "requests.cpu": "8" } },
  });
  expect(limitRange(place, { default: { memory: "1Gi" }, max: { cpu: "4" } })).toEqual({
    metadata: named("limits"),
    spec: { limits: [{ type: "Container", default: { memory: "1Gi" }, max: { cpu: "4" } }] },
  });
});

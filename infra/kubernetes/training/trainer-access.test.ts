import { expect, it } from "vitest";
import {
  trainerNetworkPolicy,
  trainerRole,
  trainerRoleBinding,
  trainerServiceAccount,
} from "./trainer-access.ts";

const place = { stack: "dev", namespace: "updraft-dev" };
const metadata = {
  name: "trainer",
  namespace: "updraft-dev",
  labels: {
    "app.kubernetes.io/name": "trainer",
    "app.kubernetes.io/instance": "dev",
    "app.kubernetes.io/component": "training",
    "app.kubernetes.io/part-of": "updraft",
    "app.kubernetes.io/managed-by": "pulumi",
    "updraft.dev/stack": "dev",
  },
};

it("lets the trainer leave its outcome in its namespace, and nothing else", () => {
  expect(trainerRole(place)).toEqual({
    metadata,
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create", "patch"] }],
  });
  expect(trainerRoleBinding(place)).toEqual({
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "trainer" },
    subjects: [{ kind: "ServiceAccount", name: "trainer", namespace: "updraft-dev" }],
  });
});

it("mounts no token where it is not asked for, and takes the role of a cloud", () => {
  expect(trainerServiceAccount(place)).toEqual({ metadata, automountServiceAccountToken: false });
  const annotations = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/trainer" };
  expect(trainerServiceAccount(place, annotations)).toEqual({
    metadata: { ...metadata, annotations },
    automountServiceAccountToken: false,
  });
});

const tcp = (port: number) => ({ protocol: "TCP", port });
const toStore = { to: [{ podSelector: {} }], ports: [tcp(9000)] };

function egress(more: object) {
  const edges = { egress: [toStore], apiServer: undefined, internet: false, ...more };
  return trainerNetworkPolicy(place, edges);
}

it("lets it call the store and the API server where that is, and nobody call it", () => {
  const apiServer = { addresses: ["10.0.0.1", "fd00::1"], port: 6443 };
  expect(egress({ apiServer })).toEqual({
    metadata,
    spec: {
      podSelector: {
        matchLabels: { "app.kubernetes.io/name": "trainer", "app.kubernetes.io/instance": "dev" },
      },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        toStore,
        {
          to: [{ ipBlock: { cidr: "10.0.0.1/32" } }, { ipBlock: { cidr: "fd00::1/128" } }],
          ports: [tcp(6443)],
        },
      ],
    },
  });
});

it("allows the usual ports of API servers where the cluster is not known", () => {
  expect(egress({})).toMatchObject({
    spec: {
      egress: [toStore, { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [tcp(443), tcp(6443)] }],
    },
  });
});

it("lets it fetch datasets from outside of the cluster only where it may", () => {
  const apiServer = { addresses: ["10.0.0.1"], port: 6443 };
  const { spec } = egress({ apiServer, internet: true });
  expect(spec).toMatchObject({
    egress: [
      toStore,
      {},
      {
        to: [
          {
            ipBlock: {
              cidr: "0.0.0.0/0",
              except: [
                "10.0.0.0/8",
                "100.64.0.0/10",
                "169.254.0.0/16",
                "172.16.0.0/12",
                "192.168.0.0/16",
              ],
            },
          },
          { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
        ],
        ports: [tcp(443), tcp(80)],
      },
    ],
  });
});

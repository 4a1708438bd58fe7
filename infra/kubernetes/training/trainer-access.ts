import type * as k8s from "@pulumi/kubernetes";
import type { ClusterFacts } from "../cluster/cluster-facts.ts";
import { metadata, type Place } from "../metadata.ts";
import { networkPolicy, tcp, type EgressRule } from "../network-policy.ts";

/** The trainer, in the words of labels. */
export const trainerPart = { name: "trainer", component: "training" } as const;

/**
 * Whom the trainer's pods are.
 * @param annotations a role of the cloud, where the store asks for one
 */
export function trainerServiceAccount(
  place: Place,
  annotations: Readonly<Record<string, string>> = {},
): k8s.core.v1.ServiceAccountArgs {
  return {
    metadata: metadata(place, trainerPart, { annotations }),
    automountServiceAccountToken: false,
  };
}

/** What the trainer may do in its namespace: leave its outcome there. */
export function trainerRole(place: Place): k8s.rbac.v1.RoleArgs {
  // Server-side apply is a patch that creates what is not there.
  const verbs = ["create", "patch"];
  return {
    metadata: metadata(place, trainerPart),
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs }],
  };
}

/** Gives the trainer its role. */
export function trainerRoleBinding(place: Place): k8s.rbac.v1.RoleBindingArgs {
  const { name } = trainerPart;
  return {
    metadata: metadata(place, trainerPart),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name, namespace: place.namespace }],
  };
}

export interface TrainerEdges {
  /** To the store and the tracker. */
  readonly egress: readonly EgressRule[];
  readonly apiServer: ClusterFacts["apiServer"];
  /** Whether datasets may be fetched from outside of the cluster. */
  readonly internet: boolean;
}

/** Whom the trainer may call; nobody may call it. */
export function trainerNetworkPolicy(
  place: Place,
  { egress, apiServer, internet }: TrainerEdges,
): ReturnType<typeof networkPolicy> {
  return networkPolicy(place, trainerPart, {
    egress: [...egress, toApiServer(apiServer), ...(internet ? [toInternet] : [])],
  });
}

/** The API server is no pod: it is reached by its addresses, as they are behind its Service. */
function toApiServer(apiServer: ClusterFacts["apiServer"]): EgressRule {
  if (apiServer === undefined) {
    // Manifests that are only rendered do not know their cluster: the usual ports of API servers.
    return { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [tcp(443), tcp(6443)] };
  }
  return {
    to: apiServer.addresses.map((address) => ({
      ipBlock: { cidr: address.includes(":") ? `${address}/128` : `${address}/32` },
    })),
    ports: [tcp(apiServer.port)],
  };
}

const privateNetworks = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/** Everything but private networks, the cluster's own among them. */
const toInternet: EgressRule = {
  to: [
    { ipBlock: { cidr: "0.0.0.0/0", except: privateNetworks } },
    { ipBlock: { cidr: "::/0", except: ["fc00::/7", "fe80::/10"] } },
  ],
  ports: [tcp(443), tcp(80)],
};

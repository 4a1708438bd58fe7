import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesConfig } from "../../config/config.ts";
import { labelsOf, type Labels } from "../labels.ts";
import { metadata, type Metadata, type Place } from "../metadata.ts";
import { tcp } from "../network-policy.ts";

const part = { name: "environment", component: "namespace" };

/**
 * The namespace of a stack: every pod in it is held to the Pod Security Standard `restricted`.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export function stackNamespace(
  stack: string,
  name: string,
): { readonly metadata: { readonly name: string; readonly labels: Labels } } {
  const modes = ["enforce", "audit", "warn"];
  const security = modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]);
  return {
    metadata: { name, labels: labelsOf({ ...part, stack }, Object.fromEntries(security)) },
  };
}

interface Policy {
  readonly metadata: Metadata;
  readonly spec: k8s.types.input.networking.v1.NetworkPolicySpec;
}

/** Nobody calls anybody, unless another policy says so. */
export function denyAll(place: Place): Policy {
  return {
    metadata: metadata(place, part, { name: "deny-all" }),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

/** Every pod may ask the cluster's DNS. */
export function allowDns(place: Place): Policy {
  return {
    metadata: metadata(place, part, { name: "allow-dns" }),
    spec: {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "kube-system" },
              },
            },
          ],
          ports: [{ protocol: "UDP", port: 53 }, tcp(53)],
        },
      ],
    },
  };
}

/** How much all of the namespace may ask for. */
export function resourceQuota(place: Place, hard: Readonly<Record<string, string>>) {
  return { metadata: metadata(place, part, { name: "quota" }), spec: { hard } };
}

/** What a container gets that asks for nothing, and the most that one may ask for. */
export function limitRange(
  place: Place,
  limits: NonNullable<KubernetesConfig["kubernetes"]["limits"]>,
) {
  return {
    metadata: metadata(place, part, { name: "limits" }),
    spec: { limits: [{ type: "Container", ...limits }] },
  };
}

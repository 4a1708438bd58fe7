import type { KubernetesConfig } from "../../config/config.ts";
import type { Place } from "../metadata.ts";
import { type EgressRule, egressTo, networkPolicy, tcp } from "../network-policy.ts";
import { serverPort, serving } from "./serving.ts";

/**
 * What the pods of a model may be called by, and call.
 * @param egress to the store
 */
export function inferenceNetworkPolicy(
  place: Place,
  settings: KubernetesConfig["inference"],
  egress: readonly EgressRule[],
) {
  const from = isReachedFromOutside(settings) ? {} : { from: [{ namespaceSelector: {} }] };
  return networkPolicy(place, serving, {
    ingress: [{ ...from, ports: [tcp(serverPort)] }],
    egress: [...egress, ...(settings.traces === undefined ? [] : [egressTo(settings.traces)])],
  });
}

/**
 * Whether requests come from addresses that are no pod's: of clients, of nodes that pass on, of
 * balancers, of controllers in the nodes' own network. A policy cannot name those.
 */
function isReachedFromOutside(settings: KubernetesConfig["inference"]): boolean {
  const { gateway, ingress, service } = settings;
  return (
    service.type !== "ClusterIP" ||
    ingress !== undefined ||
    gateway !== undefined ||
    settings.serving === "kserve"
  );
}

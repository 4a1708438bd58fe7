import { type KubeObject, listAt, nameOf, stringAt } from "../objects/kube-object.ts";
import { info, type Observation, type Readiness, type Verdict } from "./verdict.ts";

/**
 * Has endpoints, and they have not changed for a while; a load balancer has an address. Headless
 * services and external names are not waited for; a service without a selector is, for as long as
 * nothing gives it endpoints.
 */
export const serviceReadiness: Readiness = {
  related: [{ group: "", version: "v1", kind: "Endpoints" }],
  settlesBy: { kind: "Endpoints", seconds: 10, named: nameOf },
  judge: ({ object: service, related, settled }: Observation): Verdict => {
    const addressed = !isLoadBalancer(service) || hasAddress(service);
    if (isHeadless(service) || isExternalName(service)) {
      return { ready: addressed, errors: [], status: [] };
    }
    const targeted = related("Endpoints").some(
      (endpoints) =>
        nameOf(endpoints) === nameOf(service) && listAt(endpoints, "subsets").length > 0,
    );
    const ready = addressed && targeted && settled;
    return {
      ready,
      errors: shortfalls(addressed, targeted),
      status: [progress(ready, targeted && settled)],
    };
  },
};

function progress(ready: boolean, targeted: boolean) {
  if (ready) return info("✅ Service initialization complete");
  return targeted
    ? info("[2/3] Attempting to allocate IP address to Service")
    : info("[1/3] Finding Pods to direct traffic to");
}

function shortfalls(addressed: boolean, targeted: boolean): string[] {
  const noTarget =
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' " +
    "may not match labels on any Pods";
  const noAddress =
    "Service was not allocated an IP address; does your cloud provider support this?";
  return [...(targeted ? [] : [noTarget]), ...(addressed ? [] : [noAddress])];
}

function isLoadBalancer(service: KubeObject): boolean {
  return stringAt(service, "spec", "type") === "LoadBalancer";
}

function hasAddress(service: KubeObject): boolean {
  return listAt(service, "status", "loadBalancer", "ingress").length > 0;
}

function isHeadless(service: KubeObject): boolean {
  return stringAt(service, "spec", "clusterIP") === "None";
}

function isExternalName(service: KubeObject): boolean {
  return stringAt(service, "spec", "type") === "ExternalName";
}

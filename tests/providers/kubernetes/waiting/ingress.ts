import { listAt, nameOf, stringAt } from "../objects/kube-object.ts";
import { info, type Observation, type Readiness, type Verdict, warning } from "./verdict.ts";

/** Its services have endpoints, or they are not likely to come; and it has an address. */
export const ingressReadiness: Readiness = {
  related: [
    { group: "", version: "v1", kind: "Endpoints" },
    { group: "", version: "v1", kind: "Service" },
  ],
  settlesBy: { kind: "Endpoints", seconds: 10, quietSeconds: 60 },
  judge: (observation: Observation): Verdict => {
    const unserved = pathsWithoutEndpoints(observation);
    const targeted = unserved.length === 0 || observation.settled;
    const addressed = listAt(observation.object, "status", "loadBalancer", "ingress").length > 0;
    const ready = targeted && addressed;
    return {
      ready,
      errors: shortfalls(targeted, addressed),
      status: [
        ...(observation.settled ? unserved.map(warningOf) : []),
        ready ? info("✅ Ingress initialization complete") : progress(targeted),
      ],
    };
  },
};

function progress(targeted: boolean) {
  return targeted
    ? info("[2/3] Waiting for update of .status.loadBalancer with hostname/IP")
    : info("[1/3] Finding a matching service for each Ingress path");
}

function shortfalls(targeted: boolean, addressed: boolean): string[] {
  const noTarget = "Ingress has at least one rule with an unavailable target endpoint.";
  const noAddress =
    "Ingress .status.loadBalancer field was not updated with a hostname/IP address. " +
    "\n    for more information about this error, see https://pulumi.io/xdv72s";
  return [...(targeted ? [] : [noTarget]), ...(addressed ? [] : [noAddress])];
}

interface IngressPath {
  readonly path: string;
  readonly service: string;
}

function pathsWithoutEndpoints({ object, related }: Observation): IngressPath[] {
  const known = new Set(related("Endpoints").map(nameOf));
  for (const service of related("Service")) {
    if (stringAt(service, "spec", "type") === "ExternalName") known.add(nameOf(service));
  }
  return listAt(object, "spec", "rules")
    .flatMap((rule) =>
      listAt(rule, "http", "paths").map((path) => ({
        path: stringAt(rule, "host") + stringAt(path, "path"),
        service: stringAt(path, "backend", "service", "name"),
      })),
    )
    .filter(({ service }) => service !== "" && !known.has(service));
}

function warningOf({ path, service }: IngressPath) {
  const shown = path === "" ? '"" (default path)' : `"${path}"`;
  return warning(`No matching service found for ingress rule: ${shown} -> "${service}"`);
}

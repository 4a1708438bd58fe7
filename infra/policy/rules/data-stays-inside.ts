import { databasePart } from "../../kubernetes/tracker/database.ts";
import { storePart } from "../../kubernetes/store/minio.ts";
import { kindOf, whereOf } from "../manifest.ts";
import { resourceRule, type Resource, type Violation } from "../rule.ts";
import { at, entriesAt, listAt, textAt } from "../values.ts";

const parts = [storePart, databasePart];
const names = parts.map(({ name }) => name);
const components = parts.map(({ component }) => component);

/** What leads from outside to Services: of Kubernetes itself, and of the Gateway API. */
const routes = ["Ingress", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"];

/** Object store and database have no way in from outside of the cluster. */
export const dataStaysInside = resourceRule(
  {
    name: "data-stays-inside",
    severity: "mandatory",
    what: "Object store and database are no LoadBalancer or NodePort, and no Ingress or route leads to them.",
    why: "Packages and runs are reached through server and tracker, which ask who calls; the store's keys would be all that is left in between.",
  },
  (resource) => {
    const kind = kindOf(resource) ?? "";
    if (routes.includes(kind)) return routesToData(resource);
    return kind === "Service" ? exposedService(resource) : [];
  },
);

type Found = Omit<Violation, "resource">;

function exposedService(resource: Resource): Found[] {
  const { inputs } = resource;
  const selected = textAt(inputs, "spec", "selector", "app.kubernetes.io/name") ?? "";
  const component = textAt(inputs, "metadata", "labels", "app.kubernetes.io/component") ?? "";
  if (!names.includes(selected) && !components.includes(component)) return [];
  const type = textAt(inputs, "spec", "type") ?? "ClusterIP";
  const isOpen = type === "NodePort" || type === "LoadBalancer";
  const addresses = listAt(inputs, "spec", "externalIPs");
  if (!isOpen && addresses.length === 0) return [];
  const problem = isOpen ? `is a ${type} in front of data` : "has externalIPs in front of data";
  return [{ where: whereOf(resource), problem, fix: "make it a ClusterIP" }];
}

function routesToData(resource: Resource): Found[] {
  const backends = backendsIn(at(resource.inputs, "spec")).filter((name) => names.includes(name));
  return [...new Set(backends)].map((name) => ({
    where: whereOf(resource),
    problem: `leads to the Service ${name}, which is data`,
    fix: "take that backend out",
  }));
}

/** The Services in `backend.service.name` and `backendRefs[].name`, wherever they are. */
function backendsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(backendsIn);
  return entriesAt(value).flatMap(([key, entry]) => {
    const found =
      key === "backendRefs"
        ? listAt(entry).map((reference) => textAt(reference, "name"))
        : [textAt(entry, "service", "name")];
    return [...found.filter((name) => name !== undefined), ...backendsIn(entry)];
  });
}

import { describe, expect, it } from "vitest";
import type { KubeObject } from "../objects/kube-object.ts";
import { ingressReadiness } from "./ingress.ts";
import { readinessOf, refreshReadinessOf } from "./readiness.ts";
import { serviceReadiness } from "./service.ts";
import { claimReadiness, quotaReadiness, secretReadiness, volumeReadiness } from "./storage.ts";
import type { Readiness } from "./verdict.ts";
import { customReadiness } from "./wait-for.ts";

function judge(
  readiness: Readiness,
  object: KubeObject,
  related: Record<string, KubeObject[]> = {},
  settled = true,
) {
  return readiness.judge({
    object,
    previous: undefined,
    related: (kind) => related[kind] ?? [],
    settled,
  });
}

const service = (spec: object, status: object = {}) => ({
  kind: "Service",
  metadata: { name: "s" },
  spec: { type: "ClusterIP", clusterIP: "10.0.0.1", ...spec },
  status,
});

const endpoints = (name: string, subsets: object[] = [{ addresses: [] }]) => ({
  kind: "Endpoints",
  metadata: { name },
  subsets,
});

describe("a Service", () => {
  const target = { Endpoints: [endpoints("s")] };

  it("is ready once its endpoints have come to rest", () => {
    expect(judge(serviceReadiness, service({}), target, false).ready).toBe(false);
    expect(judge(serviceReadiness, service({}), target)).toEqual({
      ready: true,
      errors: [],
      status: [{ severity: "info", message: "✅ Service initialization complete" }],
    });
  });

  it("says that it targets no pods", () => {
    const related = { Endpoints: [endpoints("s", []), endpoints("other")] };
    expect(judge(serviceReadiness, service({}), related)).toEqual({
      ready: false,
      errors: [
        "Service does not target any Pods. Selected Pods may not be ready, or field " +
          "'.spec.selector' may not match labels on any Pods",
      ],
      status: [{ severity: "info", message: "[1/3] Finding Pods to direct traffic to" }],
    });
  });

  it.each([{ clusterIP: "None" }, { type: "ExternalName", clusterIP: undefined }])(
    "is not waited for where it needs no endpoints: %j",
    (spec) => {
      expect(judge(serviceReadiness, service(spec), {}, false).ready).toBe(true);
    },
  );

  it("waits for the address of a load balancer", () => {
    const balancer = { type: "LoadBalancer" };
    expect(judge(serviceReadiness, service(balancer), target)).toMatchObject({
      ready: false,
      errors: ["Service was not allocated an IP address; does your cloud provider support this?"],
    });
    const status = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } };
    expect(judge(serviceReadiness, service(balancer, status), target).ready).toBe(true);
  });
});

const ingress = (status: object = {}) => ({
  kind: "Ingress",
  spec: {
    rules: [{ host: "a.b", http: { paths: [{ path: "/", backend: { service: { name: "s" } } }] } }],
  },
  status,
});

describe("an Ingress", () => {
  const addressed = ingress({ loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } });
  const target = { Endpoints: [{ metadata: { name: "s" } }] };

  it("is ready once its services are there and it has an address", () => {
    expect(judge(ingressReadiness, addressed, target, false).ready).toBe(true);
    expect(judge(ingressReadiness, ingress(), target).ready).toBe(false);
    expect(judge(ingressReadiness, addressed, {}, false)).toMatchObject({
      ready: false,
      errors: ["Ingress has at least one rule with an unavailable target endpoint."],
    });
  });

  it("only warns of a service that does not come", () => {
    const verdict = judge(ingressReadiness, addressed);
    expect(verdict.ready).toBe(true);
    expect(verdict.status[0]).toEqual({
      severity: "warning",
      message: 'No matching service found for ingress rule: "a.b/" -> "s"',
    });
  });
});

const claim = (phase: string) => ({ spec: { storageClassName: "c" }, status: { phase } });

describe("storage", () => {
  it("is a claim that is bound, or that waits for its first consumer", () => {
    const waiting = {
      StorageClass: [{ metadata: { name: "c" }, volumeBindingMode: "WaitForFirstConsumer" }],
    };
    expect(judge(claimReadiness, claim("Bound")).ready).toBe(true);
    expect(judge(claimReadiness, claim("Pending")).ready).toBe(false);
    expect(judge(claimReadiness, claim("Pending"), waiting).ready).toBe(true);
  });

  it("is a volume that is available or bound", () => {
    const phases = ["Pending", "Available", "Bound", "Released"];
    const ready = phases.map((phase) => judge(volumeReadiness, { status: { phase } }).ready);
    expect(ready).toEqual([false, true, true, false]);
  });
});

describe("objects that are ready at once, or nearly", () => {
  it("are quotas once their limits are taken over", () => {
    const hard = { pods: "2" };
    expect(judge(quotaReadiness, { spec: { hard }, status: {} }).ready).toBe(false);
    expect(judge(quotaReadiness, { spec: { hard }, status: { hard } }).ready).toBe(true);
  });

  it("are secrets, but for tokens that are still to be written", () => {
    const type = "kubernetes.io/service-account-token";
    expect(judge(secretReadiness, { type: "Opaque" }).ready).toBe(true);
    expect(judge(secretReadiness, { type }).ready).toBe(false);
    expect(judge(secretReadiness, { type, data: { token: "x" } }).ready).toBe(true);
  });
});

const objectOf = (kind: string, apiVersion: string, annotations: object = {}) => ({
  apiVersion,
  kind,
  metadata: { name: "x", annotations },
});

describe("what an object is waited for", () => {
  it("is nothing for kinds that nothing is known of", () => {
    for (const kind of ["ConfigMap", "ServiceAccount", "Namespace"]) {
      expect(readinessOf(objectOf(kind, "v1"), objectOf(kind, "v1"))).toBeUndefined();
    }
  });

  it("is nothing where the program says so", () => {
    const job = objectOf("Job", "batch/v1", { "pulumi.com/skipAwait": "true" });
    expect(readinessOf(job, job)).toBeUndefined();
    expect(refreshReadinessOf(job, job)).toBeUndefined();
  });

  it("is what the program says instead", () => {
    const job = objectOf("Job", "batch/v1", { "pulumi.com/waitFor": "condition=Suspended" });
    const suspended = { status: { conditions: [{ type: "Suspended", status: "True" }] } };
    expect(judge(readinessOf(job, job)!, suspended).ready).toBe(true);
  });

  it("is less when refreshing", () => {
    const object = objectOf("PersistentVolumeClaim", "v1");
    expect(readinessOf(object, object)).toBe(claimReadiness);
    expect(refreshReadinessOf(object, object)).toBeUndefined();
  });
});

describe("pulumi.com/waitFor", () => {
  const object = {
    status: { phase: "Ready", conditions: [{ type: "Synced", status: "False" }] },
  };

  it.each([
    ["condition=Synced", false],
    ["condition=Synced=False", true],
    ["jsonpath={.status.phase}", true],
    ["jsonpath={.status.phase}=Ready", true],
    ["jsonpath={.status.phase}=Lost", false],
    ['["jsonpath={.status.phase}=Ready","condition=Synced=False"]', true],
    ['["jsonpath={.status.phase}=Ready","condition=Synced"]', false],
  ])("holds or does not: %s", (annotation, ready) => {
    expect(judge(customReadiness(annotation), object).ready).toBe(ready);
  });

  it("is refused where it is not understood", () => {
    expect(() => customReadiness("phase=Ready")).toThrow('expected a "jsonpath=" or "condition="');
    expect(() => customReadiness("jsonpath={.items[*].a}")).toThrow("understands only plain paths");
    expect(() => customReadiness("[]")).toThrow("at least one condition must be specified");
  });
});

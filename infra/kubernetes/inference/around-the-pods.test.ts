import { describe, expect, it } from "vitest";
import { partIngress } from "../part-service.ts";
import { inferenceAutoscaler } from "./autoscaler.ts";
import { inferenceDisruptionBudget } from "./disruption-budget.ts";
import { inferenceRoute } from "./http-route.ts";
import { inferenceNetworkPolicy } from "./network-policy.ts";
import { inferenceServiceAccount } from "./service-account.ts";
import { inferenceService } from "./service.ts";
import { portName, serving } from "./serving.ts";
import { inferenceSettings, labels, place, selector } from "./serving-fixture.ts";

const metadata = { name: "inference", namespace: "updraft-dev", labels };

function portOf(more: object = {}) {
  return [{ name: "http", port: 80, targetPort: "http", protocol: "TCP", ...more }];
}

it("scales out at once and back after a while", () => {
  expect(inferenceAutoscaler(place, inferenceSettings())).toEqual({
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "inference" },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 15 },
            { type: "Pods", value: 4, periodSeconds: 15 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 1, periodSeconds: 60 },
          ],
        },
      },
    },
  });
});

it("takes the autoscaler's numbers from the configuration", () => {
  const { spec } = inferenceAutoscaler(
    place,
    inferenceSettings({
      replicas: { min: 1, max: 3 },
      targetCpuPercent: 50,
      scaleDownStabilizationSeconds: 10,
    }),
  );
  expect(spec).toMatchObject({
    minReplicas: 1,
    maxReplicas: 3,
    metrics: [{ resource: { target: { averageUtilization: 50 } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 10 } },
  });
});

it("lets a drained node take one pod at a time", () => {
  expect(inferenceDisruptionBudget(place)).toEqual({
    metadata,
    spec: {
      selector: { matchLabels: selector },
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    },
  });
});

it("gives the pods an account without a token, with the role of the store", () => {
  const role = { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/models" };
  expect(inferenceServiceAccount(place, role)).toEqual({
    metadata: { ...metadata, annotations: role },
    automountServiceAccountToken: false,
  });
  expect(inferenceServiceAccount(place, {}).metadata).toEqual(metadata);
});

describe("inferenceService", () => {
  it("is an address in the cluster that nothing waits for", () => {
    expect(inferenceService(place, inferenceSettings().service)).toEqual({
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "ClusterIP", selector, ports: portOf() },
    });
  });

  it("has a port of the nodes where one is asked for", () => {
    const { service } = inferenceSettings({ service: { type: "NodePort", nodePort: 30080 } });
    expect(inferenceService(place, service).spec).toEqual({
      type: "NodePort",
      selector,
      ports: portOf({ nodePort: 30080 }),
    });
  });

  it("waits for the address of a balancer", () => {
    const annotations = { "example.com/internal": "true" };
    const { service } = inferenceSettings({ service: { type: "LoadBalancer", annotations } });
    expect(inferenceService(place, service).metadata).toEqual({ ...metadata, annotations });
  });
});

describe("the way in", () => {
  it("is an Ingress with a certificate", () => {
    const { ingress } = inferenceSettings({
      ingress: {
        host: "digits.example.com",
        className: "nginx",
        tlsSecret: "digits-tls",
        annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
      },
    });
    expect(partIngress(place, serving, ingress!, { name: portName })).toEqual({
      metadata: {
        ...metadata,
        annotations: {
          "cert-manager.io/cluster-issuer": "letsencrypt",
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["digits.example.com"], secretName: "digits-tls" }],
        rules: [
          {
            host: "digits.example.com",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "inference", port: { name: "http" } } },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it("leaves class and certificate to the cluster where none is configured", () => {
    const { ingress } = inferenceSettings({ ingress: { host: "digits.example.com" } });
    expect(Object.keys(partIngress(place, serving, ingress!, { name: portName }).spec)).toEqual([
      "rules",
    ]);
  });

  it("is a route at a Gateway", () => {
    const { gateway } = inferenceSettings({
      gateway: { name: "public", namespace: "gateways", host: "digits.example.com" },
    });
    expect(inferenceRoute(place, gateway!)).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata,
      spec: {
        parentRefs: [
          {
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            name: "public",
            namespace: "gateways",
          },
        ],
        hostnames: ["digits.example.com"],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/" } }],
            backendRefs: [{ group: "", kind: "Service", name: "inference", port: 80, weight: 1 }],
          },
        ],
      },
    });
  });
});

describe("inferenceNetworkPolicy", () => {
  const egress = [{ to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 9000 }] }];
  const ports = [{ protocol: "TCP", port: 8080 }];

  it("lets every pod of the cluster in, and the pods out to the store only", () => {
    expect(inferenceNetworkPolicy(place, inferenceSettings(), egress)).toEqual({
      metadata,
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports }],
        egress,
      },
    });
  });

  it("lets the pods out to a collector of spans, at its port", () => {
    const settings = inferenceSettings({ traces: "http://collector.monitoring:4318" });
    expect(inferenceNetworkPolicy(place, settings, egress).spec.egress).toEqual([
      ...egress,
      {
        to: [
          { ipBlock: { cidr: "0.0.0.0/0" } },
          { ipBlock: { cidr: "::/0" } },
          { namespaceSelector: {} },
        ],
        ports: [{ protocol: "TCP", port: 4318 }],
      },
    ]);
  });

  it.each([
    { service: { type: "NodePort" } },
    { service: { type: "LoadBalancer" } },
    { ingress: { host: "digits.example.com" } },
    { gateway: { name: "public", host: "digits.example.com" } },
    { serving: "kserve" },
  ])("lets in whoever comes from outside with %j", (settings) => {
    const { spec } = inferenceNetworkPolicy(place, inferenceSettings(settings), egress);
    expect(spec.ingress).toEqual([{ ports }]);
  });
});

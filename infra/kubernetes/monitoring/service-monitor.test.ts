import { expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import { watchedParts } from "./monitoring.ts";
import { scrapeAnnotations } from "./scrape-annotations.ts";
import { scrapingRule, serviceMonitor } from "./service-monitor.ts";

const place = { stack: "dev", namespace: "updraft-dev" };
const part = { name: "tracker", component: "tracking", portName: "http", port: 5000 };

it("has the Prometheus Operator scrape a Service, with the labels by which it is found", () => {
  const settings = { labels: { release: "prometheus" }, intervalSeconds: 15 };
  expect(serviceMonitor(place, part, settings)).toEqual({
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: {
      name: "tracker",
      namespace: "updraft-dev",
      labels: {
        "app.kubernetes.io/name": "tracker",
        "app.kubernetes.io/instance": "dev",
        "app.kubernetes.io/component": "tracking",
        "app.kubernetes.io/part-of": "updraft",
        "app.kubernetes.io/managed-by": "pulumi",
        "updraft.dev/stack": "dev",
        release: "prometheus",
      },
    },
    spec: {
      selector: {
        matchLabels: { "app.kubernetes.io/name": "tracker", "app.kubernetes.io/instance": "dev" },
      },
      endpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
    },
  });
});

it("has it scrape the Service that KServe makes, by the labels that KServe gives it", () => {
  const config = KubernetesConfig.parse({
    target: "kubernetes",
    inference: { serving: "kserve" },
    monitoring: { serviceMonitor: {} },
  });
  const [inference] = watchedParts(config);
  const { serviceMonitor: settings } = config.monitoring;
  expect(serviceMonitor(place, inference!, settings!).spec).toEqual({
    selector: {
      matchLabels: {
        "serving.kserve.io/inferenceservice": "inference",
        component: "predictor",
      },
    },
    endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
  });
});

it("annotates pods unless they are scraped through a ServiceMonitor", () => {
  expect(scrapeAnnotations({ annotations: true }, 5000)).toEqual({
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "5000",
    "prometheus.io/path": "/metrics",
  });
  expect(scrapeAnnotations({ annotations: false }, 5000)).toEqual({});
  const monitor = { labels: {}, intervalSeconds: 30 };
  expect(scrapeAnnotations({ annotations: true, serviceMonitor: monitor }, 5000)).toEqual({});
});

it("lets in the pods of the namespace that scrapes, or of every one", () => {
  const ports = [{ protocol: "TCP", port: 8080 }];
  expect(scrapingRule(8080, "monitoring")).toEqual({
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
    ports,
  });
  expect(scrapingRule(8080, undefined)).toEqual({ from: [{ namespaceSelector: {} }], ports });
});

it.each([
  [{}, ["inference", "tracker"]],
  [{ tracker: { kind: "mlflow" } }, ["inference"]],
  [{ tracker: { uri: "http://tracker.example.com" } }, ["inference"]],
])("watches what has metrics of ours with %j", (chapters, names) => {
  const config = KubernetesConfig.parse({ target: "kubernetes", ...chapters });
  expect(watchedParts(config).map(({ name }) => name)).toEqual(names);
});

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";
import type { MonitoringArgs } from "../../platform.ts";
import { kserveServiceLabels } from "../inference/inference-service.ts";
import { portName, serverPort, serving } from "../inference/serving.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { selectorOf } from "../labels.ts";
import { metadata } from "../metadata.ts";
import { trackerPart, trackerPort } from "../tracker/deployment.ts";
import { scrapingRule, serviceMonitor, type WatchedPart } from "./service-monitor.ts";

/** Has the pods with metrics scraped, and lets the scraper in. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: MonitoringArgs<KubernetesTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { environment, settings } = args;
    super("updraft:platform:Monitoring", name, { ...settings }, opts);
    const isWatched = settings.annotations || settings.serviceMonitor !== undefined;
    const options = environment.objectOptions(this);
    for (const part of isWatched ? watchedParts(environment.config) : []) {
      const scraping = { name: `${part.name}-scraping`, component: "monitoring" };
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${part.name}-policy`,
        {
          metadata: metadata(environment, scraping),
          spec: {
            podSelector: { matchLabels: selectorOf({ name: part.name, stack: environment.stack }) },
            policyTypes: ["Ingress"],
            ingress: [scrapingRule(part.port, settings.namespace)],
          },
        },
        options,
      );
      if (settings.serviceMonitor) {
        new k8s.apiextensions.CustomResource(
          `${name}-${part.name}`,
          serviceMonitor(environment, part, settings.serviceMonitor),
          options,
        );
      }
    }
    this.registerOutputs({});
  }
}

/** The parts with metrics. MLflow's own server has none, and lets in whoever can reach it. */
export function watchedParts({
  inference,
  tracker,
}: Pick<KubernetesConfig, "inference" | "tracker">): WatchedPart[] {
  const isOurs = tracker.uri === undefined && tracker.kind === "updraft";
  const { name, port } = trackerPort;
  const serviceLabels = inference.serving === "kserve" ? kserveServiceLabels : undefined;
  return [
    { ...serving, portName, port: serverPort, serviceLabels },
    ...(isOurs ? [{ ...trackerPart, portName: name, port }] : []),
  ];
}

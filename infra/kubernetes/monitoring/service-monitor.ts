import type { KubernetesConfig } from "../../config/config.ts";
import { selectorOf, type Labels } from "../labels.ts";
import { metadata, type Place } from "../metadata.ts";
import { tcp, type IngressRule } from "../network-policy.ts";

/** A part that has metrics, at a named port of its Service and a numbered one of its pods. */
export interface WatchedPart {
  readonly name: string;
  readonly component: string;
  readonly portName: string;
  readonly port: number;
  /** Of its Service, where somebody else makes that. @default those of the part's pods */
  readonly serviceLabels?: Labels | undefined;
}

/**
 * Has the Prometheus Operator scrape a part.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export function serviceMonitor(
  place: Place,
  { name, component, portName, serviceLabels }: WatchedPart,
  settings: NonNullable<KubernetesConfig["monitoring"]["serviceMonitor"]>,
) {
  const meta = metadata(place, { name, component });
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { ...meta, labels: { ...meta.labels, ...settings.labels } },
    spec: {
      selector: { matchLabels: serviceLabels ?? selectorOf({ name, stack: place.stack }) },
      endpoints: [{ port: portName, path: "/metrics", interval: `${settings.intervalSeconds}s` }],
    },
  };
}

/** Lets in who scrapes. @param namespace of the scraper @default every one */
export function scrapingRule(port: number, namespace: string | undefined): IngressRule {
  const selector =
    namespace === undefined ? {} : { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  return { from: [{ namespaceSelector: selector }], ports: [tcp(port)] };
}

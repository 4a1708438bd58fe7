import type { KubernetesConfig } from "../../config/config.ts";

/**
 * What Prometheus' usual configuration finds pods by; nothing where the stack is not to be found
 * so, or is watched through ServiceMonitors.
 * @see https://github.com/prometheus/prometheus/blob/main/documentation/examples/prometheus-kubernetes.yml
 */
export function scrapeAnnotations(
  {
    annotations,
    serviceMonitor,
  }: Pick<KubernetesConfig["monitoring"], "annotations" | "serviceMonitor">,
  port: number,
  path = "/metrics",
): Readonly<Record<string, string>> {
  // Both ways would count everything twice.
  if (!annotations || serviceMonitor) return {};
  return {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": String(port),
    "prometheus.io/path": path,
  };
}

import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesConfig } from "../../config/config.ts";
import { metadata, type Place } from "../metadata.ts";
import { serving } from "./serving.ts";

/**
 * How many pods serve, by the CPU they use. More come at once, as many again every 15 seconds;
 * they go only after the load has been low for a while, half of them a minute at most: a load that
 * comes and goes does not start and stop pods all the time.
 */
export function inferenceAutoscaler(place: Place, settings: KubernetesConfig["inference"]) {
  const { replicas, scaleDownStabilizationSeconds, targetCpuPercent } = settings;
  return {
    metadata: metadata(place, serving),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: serving.name },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: targetCpuPercent },
          },
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
          stabilizationWindowSeconds: scaleDownStabilizationSeconds,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 50, periodSeconds: 60 },
            { type: "Pods", value: 1, periodSeconds: 60 },
          ],
        },
      },
    },
  } satisfies k8s.types.input.autoscaling.v2.HorizontalPodAutoscaler;
}

import type { Labels } from "../labels.ts";
import { metadata } from "../metadata.ts";
import {
  modelAnnotations,
  podAnnotations,
  serverContainer,
  serving,
  servingLabels,
  servingPod,
  type ServingArgs,
} from "./serving.ts";

/**
 * Labels of the Service that KServe makes for a model, `<name>-predictor`. It has the port's name
 * from the container.
 * @see https://github.com/kserve/kserve/blob/master/pkg/controller/v1beta1/inferenceservice/components/predictor.go
 */
export const kserveServiceLabels: Labels = {
  "serving.kserve.io/inferenceservice": serving.name,
  component: "predictor",
};

/**
 * A model as KServe serves it, with our server in place of one of its own. KServe makes Deployment,
 * Service and autoscaler; the pods are the same ones.
 * @see https://kserve.github.io/website/docs/concepts/resources
 */
export function kserveInferenceService(args: ServingArgs) {
  const { place, release, settings } = args;
  return {
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: {
      ...metadata(place, serving),
      annotations: {
        ...modelAnnotations(release),
        // Plain Deployments: neither Knative nor Istio is needed.
        "serving.kserve.io/deploymentMode": "RawDeployment",
        "serving.kserve.io/autoscalerClass": "hpa",
        // The kind is none that Pulumi knows how to wait for: an update ends when pods are ready.
        "pulumi.com/waitFor": "condition=Ready",
      },
    },
    spec: {
      predictor: {
        labels: servingLabels(place),
        annotations: podAnnotations(args),
        minReplicas: settings.replicas.min,
        maxReplicas: settings.replicas.max,
        scaleMetric: "cpu",
        scaleTarget: settings.targetCpuPercent,
        deploymentStrategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
        },
        ...servingPod(args),
        containers: [serverContainer("kserve-container", args)],
      },
    },
  };
}

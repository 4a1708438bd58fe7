import { expect, it } from "vitest";
import { kserveInferenceService } from "./inference-service.ts";
import {
  digest,
  expectedContainer,
  expectedPod,
  expectedPodAnnotations,
  labels,
  servingArgs,
} from "./serving-fixture.ts";

it("has KServe make the same pods", () => {
  const settings = { serving: "kserve", replicas: { min: 1, max: 3 }, targetCpuPercent: 60 };
  expect(kserveInferenceService(servingArgs(settings))).toEqual({
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: {
      name: "inference",
      namespace: "updraft-dev",
      labels,
      annotations: {
        "updraft.dev/model-digest": digest,
        "updraft.dev/model-version": "4",
        "serving.kserve.io/deploymentMode": "RawDeployment",
        "serving.kserve.io/autoscalerClass": "hpa",
        "pulumi.com/waitFor": "condition=Ready",
      },
    },
    spec: {
      predictor: {
        labels,
        annotations: expectedPodAnnotations,
        minReplicas: 1,
        maxReplicas: 3,
        scaleMetric: "cpu",
        scaleTarget: 60,
        deploymentStrategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" },
        },
        ...expectedPod,
        containers: [{ name: "kserve-container", ...expectedContainer }],
      },
    },
  });
});

import { describe, expect, it } from "vitest";
import { secretVariable } from "../variables.ts";
import { inferenceDeployment, rolloutTimeout } from "./deployment.ts";
import {
  digest,
  expectedContainer,
  expectedPod,
  expectedPodAnnotations,
  labels,
  selector,
  servingArgs,
} from "./serving-fixture.ts";

describe("inferenceDeployment", () => {
  it("is the whole manifest, without a number of pods", () => {
    expect(inferenceDeployment(servingArgs())).toEqual({
      metadata: {
        name: "inference",
        namespace: "updraft-dev",
        labels,
        annotations: { "updraft.dev/model-digest": digest, "updraft.dev/model-version": "4" },
      },
      spec: {
        selector: { matchLabels: selector },
        minReadySeconds: 3,
        progressDeadlineSeconds: 300,
        revisionHistoryLimit: 5,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        template: {
          metadata: { labels, annotations: expectedPodAnnotations },
          spec: { ...expectedPod, containers: [{ name: "server", ...expectedContainer }] },
        },
      },
    });
  });

  it("tells the server whose pages may ask, where spans go, and the token from a Secret", () => {
    const asked = {
      corsOrigins: ["https://app.example.com", "http://localhost:3000"],
      traces: "http://collector.monitoring:4318",
    };
    const access = [secretVariable("PREDICT_TOKEN", "inference-access")];
    const { spec } = inferenceDeployment({ ...servingArgs(asked), access }).spec.template;
    const [own, shared] = [expectedContainer.env.slice(0, 9), expectedContainer.env.slice(9)];
    expect(spec.containers[0]?.env).toEqual([
      { name: "CORS_ORIGINS", value: "https://app.example.com,http://localhost:3000" },
      ...own.filter(({ name }) => name !== "PORT"),
      { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://collector.monitoring:4318" },
      { name: "PORT", value: "8080" },
      ...shared,
      {
        name: "PREDICT_TOKEN",
        valueFrom: { secretKeyRef: { name: "inference-access", key: "PREDICT_TOKEN" } },
      },
    ]);
  });

  it("gives a pod the time that a longer drain takes, twice", () => {
    const { spec } = inferenceDeployment(servingArgs({ drainSeconds: 60 })).spec.template;
    expect(spec.terminationGracePeriodSeconds).toBe(135);
    expect(spec.containers[0]?.env).toContainEqual({ name: "DRAIN_SECONDS", value: "60" });
  });

  it("takes what is configured of resources over the defaults, one by one", () => {
    const resources = { requests: { cpu: "2" }, limits: { cpu: "4" } };
    const { spec } = inferenceDeployment(servingArgs({ resources })).spec.template;
    expect(spec.containers[0]?.resources).toEqual({
      requests: { cpu: "2", memory: "256Mi" },
      limits: { memory: "512Mi", cpu: "4" },
    });
  });

  it("names the Secrets that its image is pulled with", () => {
    const args = { ...servingArgs(), pullSecrets: ["registry"] };
    expect(inferenceDeployment(args).spec.template.spec.imagePullSecrets).toEqual([
      { name: "registry" },
    ]);
  });
});

it("waits a little longer for a rollout than the cluster does", () => {
  expect(rolloutTimeout(300)).toBe("330s");
});

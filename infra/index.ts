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

// Packages, snapshots, artifacts: the stack's own store, or one that is there.
const shared = { environment, credentials: trackerCredentials(), tracker: config.tracker };
const store = new platform.ObjectStore("store", { ...shared, settings: config.store });

// Runs, metrics, registry: a tracker of our own, or the one that is there.
const tracker = new platform.Tracker("tracker", { ...shared, store, settings: config.tracker });

// Nodes with GPUs, where the stack has any.
const gpuNodePool =
  config.gpu && platform.GpuNodePool
    ? new platform.GpuNodePool("gpu", { environment, settings: config.gpu })
    : undefined;

// Dataset to release; a failed gate ends the update here.
const inputs = { environment, stack, store, tracker, plan, gpuNodePool, model: config.model };
const training = new platform.Training("training", { ...inputs, settings: config.training });

// Release to predictions.
const served = { environment, store, release: training.release };
const inference = new platform.Inference("inference", { ...served, settings: config.inference });

// Metrics to whoever watches.
if (config.monitoring && platform.Monitoring) {
  new platform.Monitoring("monitoring", { environment, settings: config.monitoring });
}

export const { url, predictUrl } = inference;
export const { url: trackerUrl, token: trackerToken } = tracker;
export const { gate, runUrl } = training;
const { model: name, version, digest } = training.release;
export const model = { name, version, digest };
export const { metrics, datasetDigest } = training.release;

import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "./config/parse-config.ts";
import { platformOf } from "./platform-of.ts";
import { protectStack } from "./protect.ts";
import { releaseRun } from "./release-run.ts";
import { releasePlan } from "./release-plan.ts";
import { reportProblems } from "./report-problems.ts";
import { trackerCredentials } from "./tracker-credentials.ts";

// Everything that the user may have to put right is found here, before anything is started.
const stack = pulumi.getStack();
const { config, platform, facts, plan } = await reportProblems(async () => {
  const parsed = parseConfig(pulumi.getProject(), pulumi.runtime.allConfig());
  protectStack(parsed);
  const chosen = await platformOf(parsed);
  const found = await chosen.preflight(stack, parsed);
  return { config: parsed, platform: chosen, facts: found, plan: await releasePlan(stack, parsed) };
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

// A release: of a training, of another stack, or one that has served before. No release, no update.
const run = { environment, stack, store, tracker, gpuNodePool, settings: config.training };
const { release, gate, runUrl } = releaseRun(platform, plan, { ...run, model: config.model });

// Release to predictions, for whoever shows the token, if there is one.
const token = new pulumi.Config().getSecret("predictToken");
const served = { environment, store, release, token };
const inference = new platform.Inference("inference", { ...served, settings: config.inference });

// Metrics to whoever watches.
if (config.monitoring && platform.Monitoring) {
  new platform.Monitoring("monitoring", { environment, settings: config.monitoring });
}

export const { url, predictUrl } = inference;
export const { url: trackerUrl } = tracker;
// What a stack has not is null: the engine warns of what is undefined.
export const [predictToken, trackerToken] = [token ?? null, tracker.token ?? null];
const { model: name, version, digest } = release;
export const model = { name, version, digest };
export const { metrics, datasetDigest } = release;
export { gate, release, runUrl };
// For the stacks that promote from this one.
export const packageAccess = store.readerVariables;
export const expiresAt = config.ephemeral?.expiresAt ?? null;

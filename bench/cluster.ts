import { setTimeout as sleep } from "node:timers/promises";
import { ClusterStack } from "@updraft/tests/cluster-stack";
import { testCluster } from "@updraft/tests/test-cluster";
import { classify, realDigits } from "@updraft/tests/digits";
import { report, seconds, series } from "./support/command-times.ts";

// How long the platform takes on the test cluster, with the defaults of a stranger: from an empty
// cluster to a prediction, images built; previews; updates that retrain, roll out, change nothing.
const model = { name: "digits", dataset: "mnist-10k" };
const gate = { minAccuracy: 0.98 };

const cluster = await testCluster();
const stack = await ClusterStack.create("bench", cluster, 30_182);
try {
  await stack.configure({ model, gate });
  const first = await seconds(async () => {
    const result = await stack.up();
    await predicts();
    return result;
  });
  report("first up, from an empty cluster to a prediction", [first], 300);
  report("preview", await series(() => stack.preview()), 10);
  report("up that retrains, same digest", await series(() => stack.up()), 90);
  await stack.configure({ model: { ...model, seed: 2 }, gate });
  report("up that retrains and rolls out", [await seconds(() => stack.up())], 90);
  await stack.configure({ model: { ...model, seed: 2, retrain: "on-change" }, gate });
  await stack.up();
  report("up with nothing changed", await series(() => stack.up()));
  report("destroy", [await seconds(() => stack.destroy())], 60);
} finally {
  await stack.cleanUp();
}

async function predicts(): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      await classify(stack.predictUrl, realDigits().slice(0, 1));
      return;
    } catch {
      await sleep(200);
    }
  }
  throw new Error(`${stack.predictUrl} does not answer`);
}

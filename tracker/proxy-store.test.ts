import { randomUUID } from "node:crypto";
import { describeArtifactStore } from "@updraft/contracts/artifact-store-suite";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll } from "vitest";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

const open = (uri: string) => openArtifactStore(uri, { MLFLOW_TRACKING_URI: tracker.url });

describeArtifactStore("a store behind the tracker's proxy", async () => {
  const store = open(`mlflow-artifacts:/test/${randomUUID()}`);
  return { store, open, remove: async () => undefined };
});

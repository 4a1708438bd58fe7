import type { Express } from "express";
import { pino } from "pino";
import { expect, it } from "vitest";
import { createApp } from "../app.ts";
import { sqlite } from "../store/databases-under-test.ts";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readingPosts } from "./access.ts";

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

function pathsByPost(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (route) return route.methods["post"] ? [route.path] : [];
    return pathsByPost(handle.stack ?? []);
  });
}

async function operationsByPost(): Promise<string[]> {
  const { store, discard } = await sqlite.open();
  const artifacts = openArtifactStore("file:///nowhere");
  const app: Express = createApp({ store, artifacts, log: pino({ level: "silent" }) });
  await discard();
  return [...new Set(pathsByPost(app.router.stack as unknown as Layer[]))].toSorted();
}

/** What a reader may not do. An operation that is new belongs here or among the reading ones. */
const writing = `
  /experiments/create /experiments/delete /experiments/delete-experiment-tag /experiments/restore
  /experiments/set-experiment-tag /experiments/update /gc /logged-models
  /logged-models/:model_id/params /model-versions/create /model-versions/set-tag
  /model-versions/transition-stage /registered-models/alias /registered-models/create
  /registered-models/rename /registered-models/set-tag /runs/create /runs/delete
  /runs/delete-tag /runs/log-batch /runs/log-inputs /runs/log-metric /runs/log-model
  /runs/log-parameter /runs/outputs /runs/restore /runs/set-tag /runs/update
`
  .trim()
  .split(/\s+/);

it("says of every operation that is called by POST whether it writes", async () => {
  const reading = [...readingPosts].map((operation) => operation.replace(/^[^/]+/, ""));

  expect(await operationsByPost()).toEqual([...reading, ...writing].toSorted());
});

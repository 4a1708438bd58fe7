import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import { expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTracker } from "../fixtures/tracker-process.ts";
import { openTracking } from "./open-tracking.ts";
import { heartbeatTag } from "./run-owner.ts";

const Run = z.object({
  run: z.object({
    info: z.object({ experiment_id: z.string() }),
    data: z.object({
      metrics: z.array(z.object({ key: z.string(), value: z.unknown() })),
      params: z.array(z.object({ key: z.string(), value: z.string() })),
      tags: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  }),
});

async function startRun(params: Record<string, string>) {
  const folder = await temporaryFolder();
  const tracker = await startTracker(folder);
  const tracking = openTracking({
    trackingUri: tracker.uri,
    store: openArtifactStore(pathToFileURL(folder).href),
    variables: {},
    signal: new AbortController().signal,
    log: pino({ level: "silent" }),
    heartbeatEveryMs: 20,
  });
  const experiment = { experiment: "digits", model: "digits", gitCommit: undefined };
  const run = await tracking.startRun({ ...experiment, params });
  const recorded = async () => {
    await run.end("FINISHED");
    return (await tracker.call(`runs/get?run_id=${run.id}`, Run)).run;
  };
  const heartbeat = async () => {
    const { tags } = (await tracker.call(`runs/get?run_id=${run.id}`, Run)).run.data;
    return tags.find(({ key }) => key === heartbeatTag)?.value;
  };
  return { run, recorded, heartbeat, tracker };
}

it("records metrics that are no finite numbers", async () => {
  const { run, recorded } = await startRun({});
  run.noteMetrics(1, { loss: Number.NaN, up: Infinity, down: -Infinity, fine: 0.5 });
  const { data } = await recorded();
  expect(Object.fromEntries(data.metrics.map(({ key, value }) => [key, value]))).toEqual({
    loss: "NaN",
    up: "Infinity",
    down: "-Infinity",
    fine: 0.5,
  });
});

it("cuts parameters to the length that MLflow takes, and says which experiment it is in", async () => {
  const { run, recorded } = await startRun({ dataset: "x".repeat(7000) });
  const { data, info } = await recorded();
  expect(data.params[0]?.value).toBe("x".repeat(6000));
  expect(run.experimentId).toBe(info.experiment_id);
});

it("says again and again that it is alive, also after the tracker was away", async () => {
  const { run, heartbeat, tracker } = await startRun({});
  const first = await heartbeat();
  await expect.poll(heartbeat).not.toBe(first);
  await tracker.kill();
  await tracker.restart();
  const second = await heartbeat();
  await expect.poll(heartbeat).not.toBe(second);
  await run.end("FINISHED");
  const last = await heartbeat();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await heartbeat()).toBe(last);
});

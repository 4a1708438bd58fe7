import { readdir } from "node:fs/promises";
import { minioProgram, startMinio } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

async function gc(fields: object, over = tracker): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${over.url}/ajax-api/2.0/updraft/gc`, {
    method: "POST",
    body: JSON.stringify(fields),
  });
  return { status: response.status, body: await response.json() };
}

it("frees a deleted run with its artifacts, when it is asked to", async () => {
  const run_id = await tracker.newRun();
  const url = `${tracker.url}/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/a.txt`;
  await fetch(url, { method: "PUT", body: "12345" });
  await tracker.call("POST", "/runs/update", { run_id, status: "FINISHED", end_time: 1 });
  await tracker.call("POST", "/runs/delete", { run_id });
  const freed = {
    runs: 1,
    experiments: 0,
    logged_models: 0,
    model_versions: 0,
    packages: 0,
    datasets: 0,
    bytes: 5,
  };
  const report = { freed, kept: [], kept_count: 0, elsewhere: [], elsewhere_count: 0, failed: [] };

  expect(await gc({ dry_run: true })).toEqual({ status: 200, body: { dry_run: true, ...report } });
  expect((await fetch(url)).status).toBe(200);
  expect(await gc({ older_than: "0s" })).toEqual({
    status: 200,
    body: { dry_run: false, ...report },
  });
  expect((await fetch(url)).status).toBe(404);
  expect(await readdir(tracker.artifactFolder)).not.toContain("0");
  expect((await tracker.call("GET", "/runs/get", { run_id })).status).toBe(404);
});

it.each([
  [{ older_than: "soon" }, 'Invalid duration "soon". Expected one such as 30d, 8h or 2d8h5m20s.'],
  [{ keep_runs: 0 }, "Invalid value 0 for parameter 'keep_runs' supplied: Too small"],
  [{ experiment_ids: ["x"] }, "Invalid experiment ID 'x'."],
  [{ dry_run: "yes" }, "Invalid value \"yes\" for parameter 'dry_run' supplied"],
])("refuses %j", async (fields, message) => {
  expect(await gc(fields)).toEqual({
    status: 400,
    body: {
      error_code: "INVALID_PARAMETER_VALUE",
      message: expect.stringContaining(message) as unknown,
    },
  });
});

const program = minioProgram("what gc frees in a bucket");

it.runIf(program)(
  "frees the bytes of runs and packages in a bucket",
  async () => {
    const minio = await startMinio(program ?? "");
    const uri = `s3://${await minio.newBucket()}/tracker`;
    const artifacts = openArtifactStore(uri, minio.variables);
    const inBucket = await startTracker({ artifacts });
    try {
      const folder = `models/digits/${"a".repeat(64)}`;
      const run_id = await inBucket.newRun();
      await artifacts.write(`0/${run_id}/artifacts/a.txt`, "12345");
      await artifacts.writeFolder(folder, { "model.json": "{}", "card.json": "{}" });
      await artifacts.write(`models/digits/${"b".repeat(64)}/model.json`, "{}");
      const { call } = inBucket;
      await call("POST", "/registered-models/create", { name: "digits" });
      for (const source of [`mlflow-artifacts:/${folder}`, `${uri}/${folder}`]) {
        await call("POST", "/model-versions/create", { name: "digits", source });
      }
      await call("POST", "/runs/update", { run_id, status: "FINISHED", end_time: 1 });
      await call("POST", "/runs/delete", { run_id });
      await call("DELETE", "/model-versions/delete", { name: "digits", version: "1" });

      expect(await gc({}, inBucket)).toMatchObject({
        body: { freed: { runs: 1, packages: 0, bytes: 5 }, failed: [] },
      });
      await call("DELETE", "/model-versions/delete", { name: "digits", version: "2" });
      expect(await gc({}, inBucket)).toMatchObject({
        body: { freed: { packages: 1, bytes: 4 }, failed: [] },
      });
      const left = (await artifacts.list("models")).map(({ path }) => path);
      expect(left).toEqual([`models/digits/${"b".repeat(64)}/model.json`]);
    } finally {
      await inBucket.stop();
      await minio.stop();
    }
  },
  60_000,
);

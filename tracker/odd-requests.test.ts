import { afterAll, beforeAll, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "./tracker-under-test.ts";

let tracker: TrackerUnderTest;
let runId: string;
let modelId: string;
beforeAll(async () => {
  tracker = await startTracker();
  runId = await tracker.newRun();
  const { body } = await tracker.call("POST", "/logged-models", { experiment_id: "0" });
  modelId = (body.model as { info: { model_id: string } }).info.model_id;
  await tracker.call("POST", "/registered-models/create", { name: "m" });
  await tracker.call("POST", "/model-versions/create", { name: "m", source: "file:///a" });
});
afterAll(() => tracker.stop());

const operations = `
  GET /experiments/get GET /experiments/get-by-name GET /experiments/search
  POST /experiments/create POST /experiments/search POST /experiments/update
  POST /experiments/delete POST /experiments/restore POST /experiments/set-experiment-tag
  POST /experiments/delete-experiment-tag POST /runs/create GET /runs/get POST /runs/update
  POST /runs/delete POST /runs/restore POST /runs/search POST /runs/log-metric
  POST /runs/log-parameter POST /runs/set-tag POST /runs/delete-tag POST /runs/log-batch
  POST /runs/log-inputs GET /metrics/get-history POST /registered-models/create
  GET /registered-models/get GET /registered-models/search PATCH /registered-models/update
  POST /registered-models/rename DELETE /registered-models/delete
  POST /registered-models/set-tag DELETE /registered-models/delete-tag
  POST /registered-models/get-latest-versions POST /model-versions/create
  GET /model-versions/get GET /model-versions/search PATCH /model-versions/update
  DELETE /model-versions/delete POST /model-versions/set-tag DELETE /model-versions/delete-tag
  GET /model-versions/get-download-uri GET /registered-models/alias
  POST /registered-models/alias DELETE /registered-models/alias
  GET /registered-models/get-latest-versions POST /model-versions/transition-stage
  POST /runs/outputs POST /runs/log-model GET /artifacts/list
  GET /metrics/get-history-bulk GET /metrics/get-history-bulk-interval
  POST /experiments/search-datasets POST /logged-models POST /logged-models/search
  GET /logged-models/<model> PATCH /logged-models/<model> DELETE /logged-models/m-other
  PATCH /logged-models/<model>/tags DELETE /logged-models/<model>/tags/k
  POST /logged-models/<model>/params GET /logged-models/<model>/artifacts/directories
`
  .trim()
  .split(/\s+(?=[A-Z])/)
  .map((operation) => operation.split(/\s+/));

/** Fields that most operations accept, of which some are replaced. */
function soundFields(): Record<string, unknown> {
  const ofRegistry = { name: "m", version: "1", alias: "a", source: "file:///x", new_name: "m" };
  const ofExperiment = { experiment_id: "0", experiment_ids: ["0"], experiment_name: "Default" };
  const ofRun = { run_id: runId, key: "k", value: "1", timestamp: 1, metric_key: "k" };
  const ofModel = { model_id: modelId, stage: "Staging", run_ids: [runId] };
  return { ...ofRegistry, ...ofExperiment, ...ofRun, ...ofModel };
}

const otherFields = `run_uuid tags metrics params datasets status end_time start_time run_name
  user_id step filter order_by max_results page_token view_type run_view_type description stages
  artifact_location run_link models model_json model_type source_run_id dataset_name
  dataset_digest archive_existing_versions artifact_directory_path path start_step end_step`.split(
  /\s+/,
);

const token = (text: string) => Buffer.from(text).toString("base64url");

const oddValues = [
  [null, true, 0, -1, 1.5, 1e308, 2 ** 60, [], [null], [[]], ["x"], [{}], {}],
  ["", " ", "x", "0", "../..", "%00", "a\0b", "😀", "\ud800", "NaN", "x".repeat(300), "`", "'"],
  ["name = 'm'", "tags.a = 'b' AND", "metrics.a > 1e400", "version_number > 0", "v1", "latest"],
  ["models:/m/1", "models:/", "m", "FINISHED", "DELETED_ONLY", "1".repeat(16), "start_time"],
  [["metrics.`a` DESC", "start_time"], [{ key: "a", value: "b" }], [{ key: "a", value: 1 }]],
  [token("[1,2]"), token("[null,null]"), token('["a",{"number":"x"}]'), token("{}")],
  [[{ model_id: "m-x", step: 1e300 }], [{ field_name: "metrics.a", ascending: 5 }], "models:/m@a"],
  [[{ dataset_name: "d" }], [{ field_name: "metrics.k" }, { field_name: "name" }], "{}", "READY"],
  ["datasets.name IN ('a') AND dataset.context != 'b'", "status = 'READY' AND params.a IN ('b')"],
  [[{ dataset: { name: "a", digest: "b", source_type: "c", source: "d" } }]],
].flat(1);

/** Numbers from 0 to 1, the same each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

it("answers 3,000 odd requests without an error of its own", async () => {
  const random = createRandom(1);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
  const statuses = new Set<number>();
  for (let index = 0; index < 3000; index += 1) {
    const [method = "", path = ""] = pick(operations) ?? [];
    const fields = soundFields();
    const names = [...Object.keys(fields), ...otherFields];
    for (let odd = 0; odd < 1 + random() * 3; odd += 1) fields[pick(names) ?? ""] = pick(oddValues);

    const { status, body } = await tracker.call(method, path.replace("<model>", modelId), fields);

    statuses.add(status);
    if (status === 200) continue;
    expect(body).toEqual({ error_code: expect.any(String), message: expect.any(String) });
  }

  expect([...statuses].toSorted()).toEqual([200, 400, 404]);
  expect(tracker.logged).toEqual([]);
}, 240_000);

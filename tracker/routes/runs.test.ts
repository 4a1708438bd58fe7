import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

describe("the operations on runs", () => {
  it("begin one with a made-up name, in the default experiment", async () => {
    const { status, body } = await tracker.call("POST", "/runs/create", {});

    expect(status).toBe(200);
    const name = expect.stringMatching(/^[a-z]+-[a-z]+-\d+$/);
    const run_id = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(body.run).toEqual({
      info: {
        run_id,
        run_uuid: run_id,
        run_name: name,
        experiment_id: "0",
        user_id: "",
        status: "RUNNING",
        start_time: expect.any(Number),
        artifact_uri: expect.stringMatching(/^mlflow-artifacts:\/0\/[0-9a-f]{32}\/artifacts$/),
        lifecycle_stage: "active",
      },
      data: { metrics: [], params: [], tags: [{ key: "mlflow.runName", value: name }] },
      inputs: { dataset_inputs: [], model_inputs: [] },
      outputs: { model_outputs: [] },
    });
  });

  it("take the name from field or tag, but not two different ones", async () => {
    const tags = [{ key: "mlflow.runName", value: "tagged" }];

    const { body } = await tracker.call("POST", "/runs/create", { tags });
    expect((body.run as { info: object }).info).toMatchObject({ run_name: "tagged" });
    expect(await tracker.call("POST", "/runs/create", { run_name: "other", tags })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining("run_name='other', mlflow.runName='tagged'") },
    });
  });

  it("give a run by either name of its id, and all that was logged to it", async () => {
    const { call } = tracker;
    const run_id = await tracker.newRun();
    await call("POST", "/runs/log-parameter", { run_uuid: run_id, run_id, key: "p", value: "1" });
    await call("POST", "/runs/log-parameter", { run_id, key: "empty" });
    await call("POST", "/runs/set-tag", { run_uuid: run_id, key: "t", value: "2" });
    await call("POST", "/runs/log-metric", {
      run_id,
      key: "m",
      value: 0.5,
      timestamp: "17",
      step: "3",
    });
    await call("POST", "/runs/log-inputs", {
      run_id,
      datasets: [
        {
          tags: [{ key: "mlflow.data.context", value: "training" }],
          dataset: { name: "d", digest: "abc", source_type: "http", source: "{}", profile: null },
        },
      ],
    });

    const { body } = await call("GET", "/runs/get", { run_uuid: run_id });

    expect(body.run).toMatchObject({
      data: {
        metrics: [{ key: "m", value: 0.5, timestamp: 17, step: 3 }],
        params: [
          { key: "empty", value: "" },
          { key: "p", value: "1" },
        ],
        tags: [{ key: "mlflow.runName" }, { key: "t", value: "2" }],
      },
      inputs: {
        dataset_inputs: [
          {
            tags: [{ key: "mlflow.data.context", value: "training" }],
            dataset: { name: "d", digest: "abc", source_type: "http", source: "{}" },
          },
        ],
      },
    });
  });

  it("carry NaN and the infinities as texts, as protobuf's JSON does", async () => {
    const run_id = await tracker.newRun();
    const values = ["NaN", "Infinity", "-Infinity", "0.25", -3, 1e-320];
    const metrics = values.map((value, step) => ({ key: "m", value, timestamp: 1, step }));

    await tracker.call("POST", "/runs/log-batch", { run_id, metrics });

    const { body } = await tracker.call("GET", "/metrics/get-history", { run_id, metric_key: "m" });
    expect((body.metrics as { value: unknown }[]).map(({ value }) => value)).toEqual([
      "NaN",
      "Infinity",
      "-Infinity",
      0.25,
      -3,
      1e-320,
    ]);
    const { body: got } = await tracker.call("GET", "/runs/get", { run_id });
    expect(got.run).toMatchObject({ data: { metrics: [{ key: "m", value: 1e-320, step: 5 }] } });
  });

  it("change status, end and name, and keep what is not named", async () => {
    const { call } = tracker;
    const run_id = await tracker.newRun();

    await call("POST", "/runs/update", { run_id, status: "FINISHED", end_time: "20" });
    const { body } = await call("POST", "/runs/update", { run_id, run_name: "renamed" });
    expect(body.run_info).toMatchObject({ status: "FINISHED", end_time: 20, run_name: "renamed" });
    const { body: numbered } = await call("POST", "/runs/update", { run_id, status: 4 });
    expect(numbered.run_info).toMatchObject({ status: "FAILED", end_time: 20 });
  });

  it("cut values off where MLflow does, and count in characters", async () => {
    const run_id = await tracker.newRun();
    await tracker.call("POST", "/runs/log-batch", {
      run_id,
      params: [{ key: "p", value: "😀".repeat(6001) }],
      tags: [{ key: "t", value: "x".repeat(8001) }],
    });

    const { body } = await tracker.call("GET", "/runs/get", { run_id });
    expect(body.run).toMatchObject({
      data: {
        params: [{ value: "😀".repeat(6000) }],
        tags: [{ key: "mlflow.runName" }, { value: "x".repeat(8000) }],
      },
    });
  });

  it("search with what clients ask for", async () => {
    const { body: created } = await tracker.call("POST", "/experiments/create", { name: "found" });
    const experiment_ids = [created.experiment_id];
    for (const name of ["a", "b", "c"]) {
      await tracker.call("POST", "/runs/create", {
        experiment_id: created.experiment_id,
        run_name: name,
        start_time: name.charCodeAt(0),
        tags: [{ key: "kind", value: name === "b" ? "x" : "y" }],
      });
    }
    const search = async (fields: object) => {
      const { body } = await tracker.call("POST", "/runs/search", { experiment_ids, ...fields });
      const runs = body.runs as { info: { run_name: string } }[];
      return [runs.map(({ info }) => info.run_name).join(""), body.next_page_token];
    };

    const filter = "attributes.status = 'RUNNING' and tags.kind = 'y'";
    expect(await search({ filter, run_view_type: "ACTIVE_ONLY" })).toEqual(["ca", undefined]);
    expect(await search({ order_by: ["attribute.start_time ASC"] })).toEqual(["abc", undefined]);
    const [names, page_token] = await search({ max_results: 2 });
    expect(names).toBe("cb");
    expect(await search({ max_results: 2, page_token })).toEqual(["a", undefined]);
  });

  it("delete a tag once", async () => {
    const run_id = await tracker.newRun();
    await tracker.call("POST", "/runs/set-tag", { run_id, key: "a", value: "b" });

    const deleted = () => tracker.call("POST", "/runs/delete-tag", { run_id, key: "a" });
    expect(await deleted()).toEqual({ status: 200, body: {} });
    expect(await deleted()).toEqual({
      status: 404,
      body: {
        error_code: "RESOURCE_DOES_NOT_EXIST",
        message: `No tag with name: a in run with id ${run_id}`,
      },
    });
  });

  it("refuse to log more at once than MLflow does", async () => {
    const run_id = await tracker.newRun();
    const message = async (fields: object) => {
      const { status, body } = await tracker.call("POST", "/runs/log-batch", { run_id, ...fields });
      expect([status, body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
      return body.message;
    };

    expect(await message({ metrics: many(1001, 1) })).toBe(
      "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up metrics across multiple requests and try again.",
    );
    expect(await message({ params: many(101, "1") })).toMatch("at most 100 params. Got 101");
    expect(await message({ tags: many(101, "1") })).toMatch("at most 100 tags. Got 101");
    expect(await message({ metrics: many(950, 1), params: many(60, "1") })).toMatch(
      "at most 1000 metrics, params, and tags. Got 1010",
    );
    expect(await message({ tags: [{ key: "t", value: "x".repeat(1_000_000) }] })).toMatch(
      "Batched logging API requests must be at most 1000000 bytes, got a request of size 1000",
    );
    expect(
      await message({
        params: [
          { key: "a", value: "1" },
          { key: "a", value: "1" },
        ],
      }),
    ).toMatch("Duplicate parameter keys have been submitted: a.");
    const { body } = await tracker.call("GET", "/runs/get", { run_id });
    expect(body.run).toMatchObject({ data: { metrics: [], params: [] } });
  });

  const metric = { key: "m", value: 1, timestamp: 1 };
  it.each([
    ["/runs/log-metric", { ...metric, key: "" }, "Missing value for required parameter 'key'."],
    [
      "/runs/log-metric",
      { ...metric, key: "x".repeat(251) },
      "'key' exceeds the maximum length of 250",
    ],
    ["/runs/log-metric", { ...metric, key: "a<b" }, "Names may only contain alphanumerics"],
    ["/runs/log-metric", { ...metric, key: "../a" }, "must not resolve to other names"],
    ["/runs/log-metric", { ...metric, key: "/a" }, "must not resolve to other names"],
    ["/runs/log-metric", { ...metric, value: "much" }, "Please specify value as a valid double"],
    ["/runs/log-metric", { ...metric, value: true }, "Please specify value as a valid double"],
    ["/runs/log-metric", { ...metric, value: null }, "required parameter 'value'"],
    [
      "/runs/log-metric",
      { ...metric, timestamp: -1 },
      "Invalid value -1 for parameter 'timestamp'",
    ],
    ["/runs/log-metric", { ...metric, timestamp: null }, "required parameter 'timestamp'"],
    ["/runs/log-metric", { ...metric, step: 1.5 }, "Invalid value 1.5 for parameter 'step'"],
    ["/runs/log-metric", { ...metric, step: "9223372036854775807" }, "parameter 'step'"],
    ["/runs/log-batch", { metrics: [metric, { ...metric, key: null }] }, "'metrics[1].key'"],
    ["/runs/log-batch", { metrics: "m" }, "parameter 'metrics'"],
    ["/runs/search", { experiment_ids: Array(10_001).fill("1") }, "parameter 'experiment_ids'"],
    ["/runs/search", { experiment_ids: ["x"] }, "Invalid experiment ID 'x'"],
    ["/runs/search", { filter: "x = 'y'" }, "Invalid attribute key 'x'"],
    ["/runs/set-tag", { key: 5 }, "Invalid value 5 for parameter 'key'"],
    ["/runs/update", { status: "DONE" }, "Invalid value \"DONE\" for parameter 'status'"],
    ["/runs/log-inputs", { datasets: [{}] }, "required parameter 'datasets[0].dataset'"],
    [
      "/runs/log-inputs",
      {
        datasets: [
          { dataset: { name: "d", digest: "x".repeat(37), source_type: "s", source: "s" } },
        ],
      },
      "'digest' exceeds the maximum length of 36 characters",
    ],
  ])("%s refuses %o", async (path, fields, message) => {
    const run_id = await tracker.newRun();

    expect(await tracker.call("POST", path, { run_id, ...fields })).toEqual({
      status: 400,
      body: {
        error_code: "INVALID_PARAMETER_VALUE",
        message: expect.stringContaining(message),
      },
    });
  });

  it("say which run is missing, or that its id is none", async () => {
    const missing = await tracker.call("GET", "/runs/get", { run_id: "0".repeat(32) });
    expect(missing).toEqual({
      status: 404,
      body: {
        error_code: "RESOURCE_DOES_NOT_EXIST",
        message: `Run with id=${"0".repeat(32)} not found`,
      },
    });
    expect((await tracker.call("GET", "/runs/get", {})).body.message).toMatch(
      "Missing value for required parameter 'run_id'.",
    );
    expect((await tracker.call("GET", "/runs/get", { run_id: "../x" })).status).toBe(400);
    expect(
      (await tracker.call("GET", "/metrics/get-history", { run_id: "x", metric_key: "m" })).status,
    ).toBe(404);
  });
});

/** As many metrics, params or tags, all with one value. */
function many(count: number, value: unknown): object[] {
  return Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value, timestamp: 1 }));
}

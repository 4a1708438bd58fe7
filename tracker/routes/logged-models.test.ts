import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

interface Model {
  readonly info: { readonly model_id: string; readonly name: string; readonly status: string };
  readonly data: object;
}

async function newModel(fields: object = {}): Promise<Model> {
  const answer = await tracker.call("POST", "/logged-models", { experiment_id: "0", ...fields });
  expect(answer.status).toBe(200);
  return answer.body.model as Model;
}

async function got(id: string): Promise<Model> {
  return (await tracker.call("GET", `/logged-models/${id}`)).body.model as Model;
}

function missing(id: string) {
  const message = `Logged model with ID '${id}' not found.`;
  return { status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST", message } };
}

function refused(message: string) {
  const body = { error_code: "INVALID_PARAMETER_VALUE", message: expect.stringContaining(message) };
  return { status: 400, body };
}

describe("the operations on logged models", () => {
  it("log one as MLflow's client does: made, described, filled, finalized", async () => {
    const { call } = tracker;
    const run_id = await tracker.newRun();
    const { info } = await newModel({ name: "cnn", source_run_id: run_id, model_type: "keras" });
    const path = `/logged-models/${info.model_id}`;
    const model = { model_id: info.model_id };
    const onTest = { dataset_name: "mnist", dataset_digest: "abc" };

    await call("POST", "/runs/outputs", { run_id, models: [{ ...model, step: "3" }] });
    await call("POST", "/runs/log-inputs", { run_id, models: [model] });
    await call("POST", `${path}/params`, { params: [{ key: "layers", value: "5" }] });
    await call("PATCH", `${path}/tags`, { tags: [{ key: "team", value: "vision" }] });
    await call("POST", "/runs/log-metric", {
      ...model,
      ...onTest,
      run_id,
      key: "accuracy",
      value: "NaN",
      timestamp: 1,
    });
    await call("POST", "/runs/log-batch", {
      run_id,
      metrics: [{ ...model, key: "loss", value: "Infinity", timestamp: 1, step: 2 }],
    });
    const { body } = await call("PATCH", path, { ...model, status: "LOGGED_MODEL_READY" });

    expect(body.model).toEqual(await got(info.model_id));
    expect(body.model).toEqual({
      info: {
        ...model,
        experiment_id: "0",
        name: "cnn",
        creation_timestamp_ms: expect.any(Number),
        last_updated_timestamp_ms: expect.any(Number),
        artifact_uri: `mlflow-artifacts:/0/models/${info.model_id}/artifacts`,
        status: "LOGGED_MODEL_READY",
        model_type: "keras",
        source_run_id: run_id,
        tags: [{ key: "team", value: "vision" }],
      },
      data: {
        params: [{ key: "layers", value: "5" }],
        metrics: [
          { ...model, ...onTest, key: "accuracy", value: "NaN", timestamp: 1, step: 0, run_id },
          { key: "loss", value: "Infinity", timestamp: 1, step: 2, run_id, ...model },
        ],
      },
    });
    const run = (await call("GET", "/runs/get", { run_id })).body.run;
    expect(run).toMatchObject({
      inputs: { model_inputs: [model] },
      outputs: { model_outputs: [{ ...model, step: 3 }] },
    });
    const { body: found } = await call("POST", "/runs/search", { experiment_ids: ["0"] });
    expect(found.runs).toContainEqual(run);
  });

  it("make up a name, and take a status by its number", async () => {
    const { info } = await newModel();

    expect(info.name).toMatch(/^[a-z]+-[a-z]+-\d+$/);
    await tracker.call("PATCH", `/logged-models/${info.model_id}`, { status: 3 });
    expect((await got(info.model_id)).info.status).toBe("LOGGED_MODEL_UPLOAD_FAILED");
  });

  it("delete a tag once, whatever is in its key", async () => {
    const { info } = await newModel({ tags: [{ key: "a b/c%20ü", value: "" }] });
    const path = `/logged-models/${info.model_id}/tags/${encodeURIComponent("a b/c%20ü")}`;

    expect(await tracker.call("DELETE", path)).toEqual({ status: 200, body: {} });
    expect(await tracker.call("DELETE", path)).toEqual({
      status: 404,
      body: {
        error_code: "RESOURCE_DOES_NOT_EXIST",
        message: `No tag with key 'a b/c%20ü' found for model with ID '${info.model_id}'.`,
      },
    });
  });

  it("find a tag whose key has slashes, as clients leave them in a path", async () => {
    const { info } = await newModel({ tags: [{ key: "a/b c", value: "" }] });

    const path = `/logged-models/${info.model_id}/tags/a/b%20c`;
    expect(await tracker.call("DELETE", path)).toEqual({ status: 200, body: {} });
    expect(await got(info.model_id)).toMatchObject({ info: { tags: [] } });
  });

  it("hide one that is deleted from all but those who ask for deleted ones", async () => {
    const { info } = await newModel();
    const path = `/logged-models/${info.model_id}`;

    expect(await tracker.call("DELETE", path)).toEqual({ status: 200, body: {} });
    expect(await tracker.call("GET", path)).toEqual(missing(info.model_id));
    expect(await tracker.call("GET", path, { allow_deleted: "true" })).toMatchObject({
      status: 200,
      body: { model: { info: { name: info.name } } },
    });
  });

  it("list its files, relative to its folder, and nothing outside of it", async () => {
    const { info } = await newModel();
    const folder = `${tracker.url}/api/2.0/mlflow-artifacts/artifacts/0/models/${info.model_id}/artifacts`;
    for (const file of ["MLmodel", "data/model.keras"]) {
      await fetch(`${folder}/${file}`, { method: "PUT", body: "12345" });
    }
    const list = (artifact_directory_path: string) =>
      tracker.call("GET", `/logged-models/${info.model_id}/artifacts/directories`, {
        artifact_directory_path,
      });

    expect((await list("")).body).toEqual({
      root_uri: `mlflow-artifacts:/0/models/${info.model_id}/artifacts`,
      files: [
        { path: "MLmodel", is_dir: false, file_size: 5 },
        { path: "data", is_dir: true },
      ],
    });
    expect((await list("data/")).body.files).toEqual([
      { path: "data/model.keras", is_dir: false, file_size: 5 },
    ]);
    expect((await list("nothing")).body.files).toEqual([]);
    for (const path of ["..", "data/../..", "%2e%2e", "/etc", "data\\.."]) {
      expect(await list(path)).toEqual(refused("Invalid path"));
    }
  });

  it("list a run's files for clients that do not ask the proxy", async () => {
    const run_id = await tracker.newRun();
    const { call, url } = tracker;
    await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/0/${run_id}/artifacts/a/b.txt`, {
      method: "PUT",
      body: "b",
    });

    const root_uri = `mlflow-artifacts:/0/${run_id}/artifacts`;
    expect((await call("GET", "/artifacts/list", { run_id })).body).toEqual({
      root_uri,
      files: [{ path: "a", is_dir: true }],
    });
    expect((await call("GET", "/artifacts/list", { run_uuid: run_id, path: "a" })).body).toEqual({
      root_uri,
      files: [{ path: "a/b.txt", is_dir: false, file_size: 1 }],
    });
    expect(await call("GET", "/artifacts/list", { run_id, path: "../../.." })).toEqual(
      refused("Invalid path"),
    );
  });

  it("say that artifacts in another store are not theirs to list", async () => {
    const { call } = tracker;
    const artifact_location = "s3://bucket/prefix";
    const made = await call("POST", "/experiments/create", { name: "on s3", artifact_location });
    const { info } = await newModel({ experiment_id: made.body.experiment_id });

    const path = `/logged-models/${info.model_id}/artifacts/directories`;
    expect(await call("GET", path)).toEqual(refused("are at s3://bucket/prefix/models/m-"));
  });

  it("search with what clients ask for, page by page", async () => {
    const { call } = tracker;
    const made = await call("POST", "/experiments/create", { name: "searched" });
    const experiment_id = made.body.experiment_id as string;
    for (const name of ["a", "b", "c"]) {
      const { info } = await newModel({ experiment_id, name });
      const run_id = await tracker.newRun();
      const metric = { key: "accuracy", value: name === "b" ? 0.9 : 0.5, timestamp: 1 };
      await call("POST", "/runs/log-metric", { run_id, ...metric, model_id: info.model_id });
    }
    const search = async (fields: object) => {
      const request = { experiment_ids: [experiment_id], ...fields };
      const { body } = await call("POST", "/logged-models/search", request);
      const models = body.models as Model[];
      return [models.map(({ info }) => info.name).join(""), body.next_page_token];
    };

    expect(await search({ filter: "name = 'a'" })).toEqual(["a", undefined]);
    expect(await search({ filter: "metrics.accuracy > 0.8" })).toEqual(["b", undefined]);
    const order_by = [{ field_name: "metrics.accuracy", ascending: false }, { field_name: "name" }];
    expect(await search({ order_by })).toEqual(["bac", undefined]);
    const [first, page_token] = await search({ order_by, max_results: 2 });
    expect(first).toBe("ba");
    expect(await search({ order_by, max_results: 2, page_token })).toEqual(["c", undefined]);
  });

  it.each([
    ["POST", "/logged-models", { name: "a" }, "required parameter 'experiment_id'"],
    ["POST", "/logged-models", { experiment_id: "0", name: "a/b" }, 'Invalid model name ("a/b")'],
    [
      "POST",
      "/logged-models",
      { experiment_id: "0", name: "x".repeat(501) },
      "'name' exceeds the maximum length of 500 characters",
    ],
    ["POST", "/logged-models", { experiment_id: "0", tags: [{ value: "v" }] }, "'tags[0].key'"],
    ["POST", "/logged-models/search", { filter: "x = 'y'" }, "Invalid attribute key 'x'"],
    ["POST", "/logged-models/search", { filter: "datasets.name = 'y'" }, "Invalid entity type"],
    [
      "POST",
      "/logged-models/search",
      { datasets: [{ dataset_digest: "x" }] },
      "`dataset_name` in the `datasets` clause must be specified.",
    ],
    [
      "POST",
      "/logged-models/search",
      { order_by: [{ field_name: "params.a" }] },
      "Invalid order by field name: params.a.",
    ],
    ["POST", "/logged-models/search", { order_by: [{ field_name: "x" }] }, "attribute key 'x'"],
    ["POST", "/logged-models/search", { page_token: "x" }, "Invalid page token 'x'"],
  ])("%s %s refuses %o", async (method, path, fields, message) => {
    expect(await tracker.call(method, path, { experiment_ids: ["0"], ...fields })).toEqual(
      refused(message),
    );
  });

  it.each([
    ["GET", "", {}],
    ["PATCH", "", { status: "LOGGED_MODEL_READY" }],
    ["DELETE", "", {}],
    ["PATCH", "/tags", { tags: [{ key: "a", value: "b" }] }],
    ["DELETE", "/tags/a", {}],
    ["POST", "/params", { params: [{ key: "a", value: "b" }] }],
    ["GET", "/artifacts/directories", {}],
  ])("%s …%s says that a model is missing", async (method, below, fields) => {
    const id = `m-${"0".repeat(32)}`;
    expect(await tracker.call(method, `/logged-models/${id}${below}`, fields)).toEqual(missing(id));
  });

  it("refuse a status that there is none of", async () => {
    const { info } = await newModel();
    const path = `/logged-models/${info.model_id}`;
    expect(await tracker.call("PATCH", path, { status: "DONE" })).toEqual(
      refused("Invalid value \"DONE\" for parameter 'status'"),
    );
  });
});

describe("a model of a client before MLflow 3", () => {
  const described = {
    artifact_path: "model",
    flavors: { keras: { data: "data", config: { large: true } }, python_function: {} },
    utc_time_created: "2026-01-01",
    model_uuid: "u",
  };

  it("is listed in a tag of its run, each once", async () => {
    const run_id = await tracker.newRun();
    for (const artifact_path of ["model", "other", "model"]) {
      const model_json = JSON.stringify({ ...described, run_id, artifact_path, signature: {} });
      expect(await tracker.call("POST", "/runs/log-model", { run_id, model_json })).toEqual({
        status: 200,
        body: {},
      });
    }

    const { body } = await tracker.call("GET", "/runs/get", { run_id });
    const { tags } = (body.run as { data: { tags: { key: string; value: string }[] } }).data;
    const history = tags.find(({ key }) => key === "mlflow.log-model.history")?.value ?? "";
    const flavors = { keras: { data: "data" }, python_function: {} };
    expect(JSON.parse(history)).toEqual([
      { ...described, run_id, flavors },
      { ...described, run_id, flavors, artifact_path: "other" },
    ]);
  });

  it.each([
    ["{", "Malformed model info."],
    ["5", "Malformed model info."],
    ['{"run_id":"a"}', "Model json is missing mandatory fields: artifact_path, flavors"],
  ])("is refused as %j", async (model_json, message) => {
    const run_id = await tracker.newRun();
    expect(await tracker.call("POST", "/runs/log-model", { run_id, model_json })).toEqual(
      refused(message),
    );
  });
});

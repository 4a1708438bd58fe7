import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
let name: string;
let models = 0;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());
beforeEach(async () => {
  models += 1;
  name = `model ${models}`;
  await tracker.call("POST", "/registered-models/create", { name });
  for (const source of ["file:///a", "file:///b"]) {
    await tracker.call("POST", "/model-versions/create", { name, source });
  }
});

const done = { status: 200, body: {} };

function refused(status: number, error_code: string, message: string) {
  return { status, body: { error_code, message: expect.stringContaining(message) } };
}

describe("the operations on registered models", () => {
  it("describe, tag and delete one", async () => {
    const { call } = tracker;
    const tag = { name, key: "owner", value: "me" };

    expect(await call("POST", "/registered-models/set-tag", tag)).toEqual(done);
    expect(await call("POST", "/registered-models/set-tag", tag)).toEqual(done);
    const { body } = await call("PATCH", "/registered-models/update", { name, description: "d" });

    expect(body.registered_model).toEqual({
      name,
      description: "d",
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      tags: [{ key: "owner", value: "me" }],
      aliases: [],
      latest_versions: [expect.objectContaining({ version: "2", source: "file:///b" })],
    });
    const noTag = { name, key: "owner" };
    expect(await call("DELETE", "/registered-models/delete-tag", noTag)).toEqual(done);
    expect(await call("DELETE", "/registered-models/delete-tag", noTag)).toEqual(done);
    expect(await call("DELETE", "/registered-models/delete", { name })).toEqual(done);
    expect(await call("GET", "/registered-models/get", { name })).toEqual(
      refused(404, "RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`),
    );
  });

  it("say that a name is taken with the code that clients go on after", async () => {
    expect(await tracker.call("POST", "/registered-models/create", { name })).toEqual(
      refused(400, "RESOURCE_ALREADY_EXISTS", `Registered Model (name=${name}) already exists.`),
    );
  });

  it("answer the deprecated question for the latest versions", async () => {
    const { body } = await tracker.call("POST", "/registered-models/get-latest-versions", { name });
    expect(body.model_versions).toEqual([expect.objectContaining({ version: "2" })]);
    const staged = { name, stages: ["Production"] };
    expect(await tracker.call("POST", "/registered-models/get-latest-versions", staged)).toEqual({
      status: 200,
      body: { model_versions: [] },
    });
  });

  it.each([
    [{ name: "" }, "Missing value for required parameter 'name'."],
    [{}, "Missing value for required parameter 'name'."],
    [{ name: "a/b" }, "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
    [{ name: ".." }, "Invalid model name '..'."],
    [
      { name: "x", tags: [{ key: "k", value: "v".repeat(100_001) }] },
      "'value' exceeds the maximum length of 100000",
    ],
    [{ name: "x", tags: [{ value: "v" }] }, "required parameter 'tags[0].key'"],
  ])("refuse to create %o", async (fields, message) => {
    expect(await tracker.call("POST", "/registered-models/create", fields)).toEqual(
      refused(400, "INVALID_PARAMETER_VALUE", message),
    );
  });
});

describe("the operations on model versions", () => {
  it("describe and tag one, find it by tag, and say where it is", async () => {
    const { call } = tracker;
    const fields = { name, version: "1" };
    await call("POST", "/model-versions/set-tag", { ...fields, key: "updraft.digest", value: "d" });
    await call("PATCH", "/model-versions/update", { ...fields, version: 1, description: "first" });

    const filter = `name = '${name}' AND tags.\`updraft.digest\` = 'd'`;
    const { body } = await call("GET", "/model-versions/search", { filter, max_results: 5 });
    expect(body.model_versions).toEqual([
      expect.objectContaining({
        ...fields,
        description: "first",
        tags: [{ key: "updraft.digest", value: "d" }],
      }),
    ]);
    expect(await call("GET", "/model-versions/get-download-uri", fields)).toEqual({
      status: 200,
      body: { artifact_uri: "file:///a" },
    });
    const noTag = { ...fields, key: "updraft.digest" };
    expect(await call("DELETE", "/model-versions/delete-tag", noTag)).toEqual(done);
    expect(await call("DELETE", "/model-versions/delete", fields)).toEqual(done);
    expect(await call("GET", "/model-versions/get", fields)).toEqual(
      refused(404, "RESOURCE_DOES_NOT_EXIST", `Model Version (name=${name}, version=1) not found`),
    );
  });

  it.each([
    ["file:///a/../../etc", "Invalid model version source"],
    ["file:///a/%2e%2e/b", "Invalid model version source"],
    ["s3://a/%252e%252e/b", "Invalid model version source"],
    [`file:///${"%25".repeat(1000)}2e`, "'source' exceeds the maximum length of 2048 characters"],
    ["models:/a/b/c", "Expected models:/<model id>, models:/<name>/<version, stage or latest>"],
    ["", "Missing value for required parameter 'source'"],
  ])("refuse the source %j", async (source, message) => {
    expect(await tracker.call("POST", "/model-versions/create", { name, source })).toEqual(
      refused(400, "INVALID_PARAMETER_VALUE", message),
    );
  });

  it("move one between stages, and tell why if asked to", async () => {
    const { call, url } = tracker;
    const transition = { name, version: "1", stage: "production" };
    const path = "/model-versions/transition-stage";
    await call("POST", path, transition);

    const { body } = await call("POST", path, {
      ...transition,
      version: "2",
      archive_existing_versions: true,
      reason: "it is better",
    });

    expect(body.model_version).toMatchObject({ version: "2", current_stage: "Production" });
    const { body: latest } = await call("GET", "/registered-models/get-latest-versions", { name });
    expect(latest.model_versions).toEqual([
      expect.objectContaining({ version: "1", current_stage: "Archived" }),
      expect.objectContaining({ version: "2", current_stage: "Production" }),
    ]);
    const query = new URLSearchParams({ name, kind: "stage", max_results: "1" });
    const history = await fetch(`${url}/api/2.0/updraft/promotions?${query}`);
    expect(await history.json()).toMatchObject({
      promotions: [{ to_version: "2", to_stage: "Production", reason: "it is better" }],
    });
  });

  it.each([
    [
      { stage: "Nowhere" },
      "Invalid Model Version stage: Nowhere. Value must be one of None, Staging, Production, Archived.",
    ],
    [{}, "Missing value for required parameter 'stage'."],
    [
      { stage: "Archived", archive_existing_versions: true },
      "because 'Archived' is not an Active stage. Valid stages are Staging, Production",
    ],
  ])("refuse the transition %o", async (fields, message) => {
    expect(
      await tracker.call("POST", "/model-versions/transition-stage", {
        name,
        version: "1",
        ...fields,
      }),
    ).toEqual(refused(400, "INVALID_PARAMETER_VALUE", message));
  });

  it("refuse a version that is no number", async () => {
    expect(await tracker.call("GET", "/model-versions/get", { name, version: "one" })).toEqual(
      refused(400, "INVALID_PARAMETER_VALUE", "Parameter 'version' must be an integer, got 'one'."),
    );
  });
});

describe("the operations on aliases", () => {
  it("point an alias somewhere, and keep who moved it", async () => {
    const { call, url } = tracker;
    const alias = "champion";
    expect(await call("POST", "/registered-models/alias", { name, alias, version: "1" })).toEqual(
      done,
    );
    const authorization = `Basic ${Buffer.from("ada:secret").toString("base64")}`;
    await fetch(`${url}/api/2.0/mlflow/registered-models/alias`, {
      method: "POST",
      headers: { authorization, "user-agent": "mlflow-python-client/3.17.2" },
      body: JSON.stringify({ name, alias, version: "2", reason: "it reads sevens" }),
    });

    const { body } = await call("GET", "/registered-models/alias", { name, alias });
    expect(body.model_version).toMatchObject({ version: "2", aliases: ["champion"] });
    const query = new URLSearchParams({ name });
    const history = await fetch(`${url}/api/2.0/updraft/promotions?${query}`);
    const common = {
      move_id: expect.any(Number),
      timestamp: expect.any(Number),
      kind: "alias",
      cause: "set",
      name,
      recorded_name: name,
      alias,
    };
    expect(await history.json()).toEqual({
      promotions: [
        {
          ...common,
          from_version: "1",
          to_version: "2",
          reason: "it reads sevens",
          user: "ada",
          client: "mlflow-python-client/3.17.2",
        },
        { ...common, to_version: "1", client: "node" },
      ],
    });
  });

  it("answer with the codes that clients depend on", async () => {
    const { call } = tracker;
    const path = "/registered-models/alias";

    expect(await call("GET", path, { name, alias: "nope" })).toEqual(
      refused(400, "INVALID_PARAMETER_VALUE", "Registered model alias nope not found."),
    );
    expect(await call("POST", path, { name, alias: "a", version: "9" })).toEqual(
      refused(404, "RESOURCE_DOES_NOT_EXIST", "version=9) not found"),
    );
    expect(await call("DELETE", path, { name, alias: "nope" })).toEqual(done);
    for (const [alias, message] of [
      ["Latest", "'latest' alias name (case insensitive) is reserved."],
      ["v1", "Version alias name 'v1' is reserved."],
      ["a b", "Invalid alias name: 'a b'."],
      ["x".repeat(256), "exceeds the maximum length of 255"],
    ] as const) {
      expect(await call("POST", path, { name, alias, version: "1" })).toEqual(
        refused(400, "INVALID_PARAMETER_VALUE", message),
      );
    }
  });
});

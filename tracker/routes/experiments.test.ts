import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";

let tracker: TrackerUnderTest;
beforeAll(async () => {
  tracker = await startTracker();
});
afterAll(() => tracker.stop());

function refused(message: string, code = "INVALID_PARAMETER_VALUE", status = 400) {
  return { status, body: { error_code: code, message: expect.stringContaining(message) } };
}

describe("the operations on experiments", () => {
  it("make, rename, tag, delete and restore one", async () => {
    const { call } = tracker;
    const created = await call("POST", "/experiments/create", {
      name: "digits",
      tags: [{ key: "a", value: "b" }],
    });
    expect(created).toEqual({ status: 200, body: { experiment_id: "1" } });
    const fields = { experiment_id: "1" };

    const done = { status: 200, body: {} };
    expect(await call("POST", "/experiments/update", { ...fields, new_name: "numbers" })).toEqual(
      done,
    );
    const tag = { ...fields, key: "team", value: "vision" };
    expect(await call("POST", "/experiments/set-experiment-tag", tag)).toEqual(done);
    expect(await call("POST", "/experiments/set-experiment-tag", tag)).toEqual(done);
    expect(
      await call("POST", "/experiments/delete-experiment-tag", { ...fields, key: "a" }),
    ).toEqual(done);
    expect(await call("POST", "/experiments/delete", fields)).toEqual(done);
    expect(await call("POST", "/experiments/delete", fields)).toEqual(done);
    expect((await call("GET", "/experiments/get", fields)).body.experiment).toMatchObject({
      lifecycle_stage: "deleted",
    });
    expect(await call("POST", "/experiments/restore", fields)).toEqual(done);

    expect((await call("GET", "/experiments/get", fields)).body).toEqual({
      experiment: {
        experiment_id: "1",
        name: "numbers",
        artifact_location: "mlflow-artifacts:/1",
        lifecycle_stage: "active",
        creation_time: expect.any(Number),
        last_update_time: expect.any(Number),
        tags: [{ key: "team", value: "vision" }],
      },
    });
  });

  it("answer with the codes that clients depend on", async () => {
    const { call } = tracker;
    await call("POST", "/experiments/create", { name: "taken" });

    expect(await call("POST", "/experiments/create", { name: "taken" })).toEqual(
      refused("Experiment(name=taken) already exists", "RESOURCE_ALREADY_EXISTS"),
    );
    expect(await call("GET", "/experiments/get-by-name", { experiment_name: "nope" })).toEqual(
      refused("Could not find experiment with name 'nope'", "RESOURCE_DOES_NOT_EXIST", 404),
    );
    expect(await call("GET", "/experiments/get", { experiment_id: "99" })).toEqual(
      refused("No Experiment with id=99 exists", "RESOURCE_DOES_NOT_EXIST", 404),
    );
  });

  it("search by view, by tag and page by page, with GET as with POST", async () => {
    const { call } = tracker;
    await call("POST", "/experiments/create", { name: "s1", tags: [{ key: "set", value: "s" }] });
    await call("POST", "/experiments/create", { name: "s2", tags: [{ key: "set", value: "s" }] });
    const fields = { filter: "tags.set = 's'", max_results: 1, view_type: "ACTIVE_ONLY" };

    const first = await call("POST", "/experiments/search", { ...fields, order_by: ["name DESC"] });
    const second = await call("GET", "/experiments/search", {
      ...fields,
      view_type: 1,
      order_by: "name DESC",
      page_token: first.body.next_page_token,
    });

    expect(names(first.body)).toEqual(["s2"]);
    expect(names(second.body)).toEqual(["s1"]);
    expect(second.body).not.toHaveProperty("next_page_token");
  });

  it.each([
    ["POST", "/experiments/create", {}, "Missing value for required parameter 'name'."],
    ["POST", "/experiments/create", { name: " " }, "Invalid experiment name: ' '"],
    ["POST", "/experiments/create", { name: "x".repeat(501) }, "maximum length of 500"],
    ["POST", "/experiments/create", { name: 5 }, "Invalid value 5 for parameter 'name' supplied"],
    ["POST", "/experiments/create", { name: "a\0" }, "cannot contain NUL"],
    [
      "POST",
      "/experiments/create",
      { name: "l", artifact_location: "s3://a/../b" },
      "Invalid artifact_location",
    ],
    ["GET", "/experiments/get", { experiment_id: "abc" }, "Invalid experiment ID 'abc'."],
    ["GET", "/experiments/get", {}, "Missing value for required parameter 'experiment_id'."],
    [
      "POST",
      "/experiments/search",
      { max_results: 50_001 },
      "Invalid value 50001 for parameter 'max_results'",
    ],
    ["POST", "/experiments/search", { max_results: 0 }, "parameter 'max_results'"],
    ["POST", "/experiments/search", { page_token: "?" }, "Invalid page token '?'"],
    ["POST", "/experiments/search", { filter: "x" }, "Invalid attribute key 'x'"],
    [
      "POST",
      "/experiments/search",
      { view_type: "SOME" },
      "Invalid value \"SOME\" for parameter 'view_type'",
    ],
  ])("%s %s refuses %o", async (method, path, fields, message) => {
    expect(await tracker.call(method, path, fields)).toEqual(refused(message));
  });
});

function names(body: Record<string, unknown>): string[] {
  return (body.experiments as { name: string }[]).map(({ name }) => name);
}

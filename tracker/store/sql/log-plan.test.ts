import { describe, expect, it } from "vitest";
import type { RunBatch } from "../runs.ts";
import { planLog, type LogRequest, type LogState } from "./log-plan.ts";

const state: LogState = {
  runs: new Map([
    ["a", { stage: "active", unsorted: 7 }],
    ["b", { stage: "active", unsorted: 0 }],
    ["gone", { stage: "deleted", unsorted: 0 }],
  ]),
  params: new Map([["a", new Map([["lr", "0.1"]])]]),
  models: new Set(["m-1"]),
};

function request(runId: string, batch: Partial<RunBatch>): LogRequest {
  return { runId, batch: { metrics: [], params: [], tags: [], ...batch } };
}

function metric(key: string, value: number, step = 0, timestamp = 0) {
  return { key, value, step, timestamp };
}

function aboutModel(model_id: string) {
  return { ...metric("x", 1), model_id };
}

describe("planLog", () => {
  it("writes every value, and of each run and metric the latest", () => {
    const plan = planLog(
      [
        request("a", { metrics: [metric("x", 1, 1), metric("x", 2, 0), metric("y", -0)] }),
        request("b", { metrics: [metric("x", Number.NaN)] }),
        request("a", { metrics: [metric("x", 0, 1), metric("x", 5, 1, 1)] }),
      ],
      state,
    );

    expect(plan.metrics).toEqual([
      ["a", "x", 0, 1, 1, 0, 7],
      ["a", "x", 0, 0, 2, 0, 8],
      ["a", "y", 0, 0, 0, 0, 9],
      ["b", "x", 0, 0, 0, 1, 0],
      ["a", "x", 0, 1, 0, 0, 10],
      ["a", "x", 1, 1, 5, 0, 11],
    ]);
    expect([...plan.runs]).toEqual([
      ["a", { unsorted: 12 }],
      ["b", { unsorted: 1 }],
    ]);
    expect(plan.latest).toEqual([
      ["a", "x", 1, 1, 5, 0],
      ["a", "y", 0, 0, 0, 0],
      ["b", "x", 0, 0, 0, 1],
    ]);
    expect(plan.refusals).toEqual([undefined, undefined, undefined]);
  });

  it("refuses what is logged to a run that is deleted or not there, and nothing else", () => {
    const { refusals, tags, runs } = planLog(
      [
        request("gone", { tags: [{ key: "t", value: "1" }] }),
        request("none", { tags: [{ key: "t", value: "2" }] }),
        request("a", { tags: [{ key: "t", value: "3" }] }),
      ],
      state,
    );

    expect(refusals.map((refusal) => refusal && [refusal.status, refusal.message])).toEqual([
      [400, "The run gone must be in the 'active' state. Current state is deleted."],
      [404, "Run with id=none not found"],
      undefined,
    ]);
    expect(tags).toEqual([["a", "t", "3"]]);
    expect([...runs.keys()]).toEqual(["a"]);
  });

  it("refuses to change a param, also one that a request before it has just set", () => {
    const { refusals, params, tags } = planLog(
      [
        request("a", { params: [{ key: "lr", value: "0.1" }] }),
        request("a", {
          params: [
            { key: "lr", value: "0.2" },
            { key: "new", value: "1" },
          ],
          tags: [{ key: "t", value: "1" }],
        }),
        request("a", { params: [{ key: "epochs", value: "1" }] }),
        request("a", { params: [{ key: "epochs", value: "2" }] }),
        request("b", { params: [{ key: "epochs", value: "2" }] }),
        request("a", { params: [{ key: "epochs", value: "1" }] }),
      ],
      state,
    );

    expect(refusals.map((refusal) => refusal?.status)).toEqual([
      undefined,
      400,
      undefined,
      400,
      undefined,
      undefined,
    ]);
    expect(refusals[3]?.message).toBe(
      "Changing param values is not allowed. Param with key='epochs' was already logged with value='1' for run ID='a'. Attempted logging new value '2'.",
    );
    expect(params).toEqual([
      ["a", "epochs", "1"],
      ["b", "epochs", "2"],
    ]);
    expect(tags).toEqual([]);
  });

  it("takes the last of the tags with one key, and the run's name from its tag", () => {
    const { tags, runs } = planLog(
      [
        request("a", { tags: [{ key: "t", value: "1" }] }),
        request("a", {
          tags: [
            { key: "t", value: "2" },
            { key: "mlflow.runName", value: "new name" },
          ],
        }),
        request("b", { tags: [{ key: "mlflow.runName", value: "" }] }),
      ],
      state,
    );

    expect(tags).toEqual([
      ["a", "t", "2"],
      ["a", "mlflow.runName", "new name"],
      ["b", "mlflow.runName", ""],
    ]);
    expect([...runs]).toEqual([
      ["a", { unsorted: 7, name: "new name" }],
      ["b", { unsorted: 0 }],
    ]);
  });

  it("keeps what is about a logged model, and refuses a model that is not there", () => {
    const { refusals, metrics, modelMetrics } = planLog(
      [
        request("a", { metrics: [aboutModel("m-1")] }),
        request("a", { metrics: [aboutModel("m-2")] }),
      ],
      state,
    );

    expect(refusals.map((refusal) => refusal?.message)).toEqual([
      undefined,
      "Logged model with ID 'm-2' not found.",
    ]);
    expect(metrics).toHaveLength(1);
    expect(modelMetrics).toEqual([{ runId: "a", metric: aboutModel("m-1") }]);
  });
});

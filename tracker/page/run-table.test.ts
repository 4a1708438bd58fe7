import { describe, expect, it } from "vitest";
import type { Run } from "../store/runs.ts";
import { datasetDigestOf, durationOf, metricKeys } from "./run-table.ts";

function run(changes: Partial<Run["info"]>, data: Partial<Run["data"]> = {}): Run {
  const info = {
    run_id: "r",
    run_uuid: "r",
    run_name: "a run",
    experiment_id: "0",
    user_id: "",
    status: "RUNNING",
    start_time: 1000,
    artifact_uri: "mlflow-artifacts:/0/r/artifacts",
    lifecycle_stage: "active",
  } as const;
  return {
    info: { ...info, ...changes },
    data: { metrics: [], params: [], tags: [], ...data },
    inputs: {
      dataset_inputs: [
        { tags: [], dataset: { name: "d", digest: "abc", source_type: "local", source: "{}" } },
      ],
      model_inputs: [],
    },
    outputs: { model_outputs: [] },
  };
}

function withMetrics(...keys: string[]): Run {
  return run({}, { metrics: keys.map((key) => ({ key, value: 1, timestamp: 1, step: 0 })) });
}

describe("metricKeys", () => {
  it("shows the main metrics, in their order, where a run has any", () => {
    expect(metricKeys([withMetrics("a", "logLoss"), withMetrics("accuracy", "b")])).toEqual([
      "accuracy",
      "logLoss",
    ]);
  });

  it("shows what most runs have where there are none", () => {
    expect(
      metricKeys([withMetrics("b", "a", "system/cpu"), withMetrics("b", "c", "d", "e")]),
    ).toEqual(["b", "a", "c", "d"]);
    expect(metricKeys([])).toEqual([]);
  });
});

describe("durationOf", () => {
  it("counts on while the run does, and says nothing of one whose end is unknown", () => {
    expect(durationOf(run({}), 3000)).toBe("2.0 s");
    expect(durationOf(run({ status: "FINISHED", end_time: 9000 }), 99_000)).toBe("8.0 s");
    expect(durationOf(run({ status: "KILLED" }), 99_000)).toBe("");
  });
});

describe("datasetDigestOf", () => {
  it("is the whole digest from the tag, or else the one of the input", () => {
    expect(datasetDigestOf(run({}))).toBe("abc");
    const tags = [{ key: "updraft.datasetDigest", value: "sha256:abcdef" }];
    expect(datasetDigestOf(run({}, { tags }))).toBe("sha256:abcdef");
  });
});

import { describe, expect, it } from "vitest";
import type { Run } from "../data/runs.ts";
import { dimensionsOf, namesOf, suggestedAxes, suggestedDimensions } from "./dimensions.ts";
import {
  comparedMetrics,
  comparedParams,
  comparedTags,
  extremes,
  metricsWithSteps,
} from "./side-by-side.ts";

function run(params: Record<string, string>, metrics: Record<string, number | "NaN">): Run {
  const info = {
    run_id: "",
    run_name: "",
    experiment_id: "0",
    status: "FINISHED",
    start_time: 0,
    artifact_uri: "",
    lifecycle_stage: "active",
  };
  return {
    info,
    data: {
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      metrics: Object.entries(metrics).map(([key, value]) => ({
        key,
        value,
        timestamp: 0,
        step: key === "loss" ? 3 : 0,
      })),
      tags: [{ key: "mlflow.runName", value: "x" }],
    },
  };
}

const runs = [
  run({ lr: "0.1", seed: "1", net: "cnn" }, { acc: 0.9, loss: 2 }),
  run({ lr: "0.01", seed: "1", net: "mlp" }, { acc: 0.9, loss: 1 }),
  run({ seed: "1", net: "cnn" }, { acc: 0.9, "system/cpu": 4 }),
];

describe("runs beside each other", () => {
  it("have the params on top in which they differ", () => {
    expect(comparedParams(runs)).toEqual([
      { key: "lr", values: ["0.1", "0.01", undefined], differs: true },
      { key: "net", values: ["cnn", "mlp", "cnn"], differs: true },
      { key: "seed", values: ["1", "1", "1"], differs: false },
    ]);
  });

  it("have their metrics by name, and no tag that repeats their names", () => {
    expect(comparedMetrics(runs).map(({ key, values }) => [key, values])).toEqual([
      ["acc", ["0.9", "0.9", "0.9"]],
      ["loss", ["2", "1", undefined]],
      ["system/cpu", [undefined, undefined, "4"]],
    ]);
    expect(comparedTags(runs)).toEqual([]);
  });

  it.each([
    [["2", "1", undefined, "2"], [0, 3], [1]],
    [["1", "1"], [], []],
    [["NaN", "3", "4"], [2], [1]],
    [[undefined], [], []],
  ])("of %o have the highest at %o and the lowest at %o", (values, highest, lowest) => {
    const found = extremes(values);

    expect([[...found.highest], [...found.lowest]]).toEqual([highest, lowest]);
  });

  it("are laid out by what they differ in, params before metrics", () => {
    const dimensions = dimensionsOf(runs);

    expect(dimensions.map(({ id, isNumeric }) => [id, isNumeric])).toEqual([
      ["params.lr", true],
      ["params.net", false],
      ["params.seed", true],
      ["metrics.acc", true],
      ["metrics.loss", true],
    ]);
    expect(suggestedDimensions(dimensions)).toEqual(["params.lr", "params.net", "metrics.loss"]);
    expect(suggestedAxes(dimensions)).toEqual({ x: "params.lr", y: "metrics.loss" });
    expect(suggestedAxes([])).toEqual({});
  });

  it("have the names of an axis once each, numbers in their order", () => {
    const dimension = {
      id: "",
      label: "",
      isNumeric: false,
      values: ["v10", "v9", undefined, "v10"],
    };

    expect(namesOf(dimension)).toEqual(["v9", "v10"]);
  });

  it("have curves of the metrics that have steps, but not of the system", () => {
    expect(metricsWithSteps(runs)).toEqual(["loss"]);
  });
});

import { digestOf } from "@updraft/contracts/digest";
import { expect, it } from "vitest";
import { evaluationTable } from "./evaluation-table.ts";

const metrics = { accuracy: 0.968, throughputPerSecond: 4812.34, sizeBytes: 864_818, ece: 0 };
const intervals = { accuracy: { low: 0.958, high: 0.979 } };

it("has every measure with its interval", () => {
  expect(evaluationTable(metrics, { intervals, comparison: undefined })).toBe(
    [
      "measure              value   95 % interval",
      "accuracy             0.9680  0.9580 to 0.9790",
      "throughputPerSecond  4812",
      "sizeBytes            864818",
      "ece                  0.0000",
    ].join("\n"),
  );
});

it("puts the champion beside it", () => {
  const comparison = {
    version: "4",
    digest: digestOf("champion"),
    metrics: { accuracy: 0.954, sizeBytes: 864_000 },
    differences: { accuracy: { value: 0.014, low: -0.005, high: 0.024 } },
  };
  expect(evaluationTable(metrics, { intervals, comparison }).split("\n").slice(0, 2)).toEqual([
    "measure              value   95 % interval     version 4  difference (95 %)",
    "accuracy             0.9680  0.9580 to 0.9790  0.9540     +0.0140 (-0.0050 to 0.0240)",
  ]);
});

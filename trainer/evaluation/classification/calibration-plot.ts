import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { quietColour, rightColour } from "../plots/colours.ts";
import type { CalibrationBin } from "./calibration.ts";

const width = 320;
const shares = { domain: [0, 1] };
/** From one end of a bin to the other. */
const across = {
  x: { field: "low", type: "quantitative", scale: shares, title: "confidence" },
  x2: { field: "high" },
} as const;

/** How often answers were right, by how sure the network was; below it how many there are. */
export function calibrationPlot(bins: readonly CalibrationBin[], error: number): Promise<string> {
  return vegaSvg(calibrationSpec(bins, error));
}

/** @see calibrationPlot */
export function calibrationSpec(bins: readonly CalibrationBin[], error: number): PlotSpec {
  return {
    title: `Calibration, expected error ${error.toFixed(4)}`,
    data: { values: bins.filter(({ count }) => count > 0) },
    vconcat: [
      { width, height: 240, layer: reliability() },
      {
        width,
        height: 60,
        mark: { type: "bar", color: quietColour },
        encoding: {
          ...across,
          y: { field: "count", type: "quantitative", title: "answers", axis: { tickCount: 3 } },
          y2: { datum: 0 },
        },
      },
    ],
  };
}

/** Bars that reach to the diagonal where the network is as sure as it may be. */
function reliability() {
  const ideal = [0, 1].map((share) => ({ confidence: share, accuracy: share }));
  const place = {
    x: { field: "confidence", type: "quantitative" as const },
    y: { field: "accuracy", type: "quantitative" as const, scale: shares, title: "accuracy" },
  };
  return [
    {
      mark: { type: "bar" as const, color: "#bfdbfe" },
      encoding: { ...across, y: place.y, y2: { datum: 0 } },
    },
    {
      data: { values: ideal },
      mark: { type: "line" as const, strokeDash: [4, 4], color: quietColour, strokeWidth: 1 },
      encoding: place,
    },
    { mark: { type: "point" as const, filled: true, color: rightColour }, encoding: place },
  ];
}

import type { History } from "../training/history.ts";
import { element, picture, text } from "./svg.ts";

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

const panel = { width: 320, height: 200, left: 56, top: 56 };

/** Loss and accuracy of each epoch, in training and in validation, as a picture. */
export function learningPlot({ epochs, bestEpoch }: History): string {
  const blue = "#2563eb";
  const orange = "#ea580c";
  const loss = [
    { name: "training", colour: blue, values: epochs.map((epoch) => epoch.loss) },
    { name: "validation", colour: orange, values: epochs.map((epoch) => epoch.validationLoss) },
  ];
  const shares = [
    { name: "training", colour: blue, values: epochs.map(({ accuracy = 0 }) => accuracy) },
    {
      name: "validation",
      colour: orange,
      values: epochs.map(({ validationAccuracy = 0 }) => validationAccuracy),
    },
  ];
  const second = panel.left + panel.width + 64;
  const size = { width: second + panel.width + 24, height: panel.top + panel.height + 60 };
  const title = `Learning curves, best epoch ${bestEpoch} of ${epochs.length}`;
  return picture(title, size, [
    ...chart("loss", loss, panel.left, bestEpoch),
    ...chart("accuracy", shares, second, bestEpoch),
  ]);
}

function chart(name: string, series: readonly Series[], left: number, bestEpoch: number): string[] {
  const all = series.flatMap(({ values }) => values);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const count = series[0]?.values.length ?? 0;
  const { width, height, top } = panel;
  const x = (index: number) => left + (count > 1 ? (index / (count - 1)) * width : width / 2);
  const y = (value: number) => top + height - ((value - low) / (high - low || 1)) * height;
  const frame = { x: left, y: top, width, height, fill: "none", stroke: "#ccc" };
  const best = x(bestEpoch - 1);
  const end = { "text-anchor": "end", fill: "#666" };
  return [
    element("rect", frame),
    element("line", {
      x1: best,
      x2: best,
      y1: top,
      y2: top + height,
      stroke: "#999",
      "stroke-dasharray": "4 4",
    }),
    text(name, { x: left, y: top - 10, fill: "#666" }),
    text(high.toPrecision(3), { x: left - 6, y: top + 10, ...end }),
    text(low.toPrecision(3), { x: left - 6, y: top + height, ...end }),
    text("1", { x: left, y: top + height + 16, fill: "#666" }),
    text(`epoch ${count}`, { x: left + width, y: top + height + 16, ...end }),
    ...series.flatMap((one, index) => [
      ...line(one, x, y),
      text(one.name, { x: left + index * 90, y: top + height + 36, fill: one.colour }),
    ]),
  ];
}

function line(
  { values, colour }: Series,
  x: (index: number) => number,
  y: (value: number) => number,
): string[] {
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return [
    element("polyline", {
      points: points.join(" "),
      fill: "none",
      stroke: colour,
      "stroke-width": 2,
    }),
    ...values.map((value, index) =>
      element("circle", { cx: x(index), cy: y(value), r: 2, fill: colour }),
    ),
  ];
}

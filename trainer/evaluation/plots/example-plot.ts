import type { TensorSpec } from "@updraft/contracts/signature";
import type { Examples } from "@updraft/models/dataset";
import { vegaSvg, type PlotSpec } from "../../plots/vega-svg.ts";
import { pngOf } from "./png.ts";

/** An example that is shown, with what there is to say of it. */
export interface ShownExample {
  /** Index in the test split. */
  readonly index: number;
  /** `3 read as 5`. */
  readonly title: string;
  /** `sure to 98.1 %`. */
  readonly note: string;
}

/** Where the examples are, and what their inputs look like. */
export interface ShownFrom {
  readonly examples: Pick<Examples, "inputs" | "count" | "originOf">;
  readonly input: Pick<TensorSpec, "shape" | "range"> & {
    readonly features?: readonly string[] | undefined;
  };
}

const columns = 6;
const cell = { width: 116, height: 130, image: 84 };
/** Values of a row that are shown. */
const shownValues = 6;

/** Examples with their images, or as a table where their inputs are no images. */
export function examplePlot(
  title: string,
  shown: readonly ShownExample[],
  from: ShownFrom,
): Promise<string> {
  return vegaSvg(exampleSpec(title, shown, from));
}

/** @see examplePlot */
export function exampleSpec(
  title: string,
  shown: readonly ShownExample[],
  from: ShownFrom,
): PlotSpec {
  if (shown.length === 0) return lineSpec(title, [["There is none."]]);
  const side = imageSide(from.input.shape.slice(1));
  return side ? imageSpec(title, shown, from, side) : lineSpec(title, rowsOf(shown, from));
}

interface Side {
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Height x width x grey or colour; nothing if that is no image. */
function imageSide([height, width, channels, ...more]: readonly number[]): Side | undefined {
  if (height === undefined || width === undefined || more.length > 0) return undefined;
  return channels === 1 || channels === 3 ? { width, channels } : undefined;
}

function imageSpec(
  title: string,
  shown: readonly ShownExample[],
  { examples, input }: ShownFrom,
  { width, channels }: Side,
): PlotSpec {
  const scale = Math.max(1, Math.floor((2 * cell.image) / width));
  const values = shown.map((one, position) => {
    const pixels = { values: bytesOf(one.index, examples, input.range), width, channels };
    const png = pngOf(pixels, scale).toString("base64");
    const x = (position % columns) * cell.width;
    const y = Math.floor(position / columns) * cell.height;
    return {
      ...one,
      url: `data:image/png;base64,${png}`,
      x,
      y,
      middleX: x + cell.image / 2,
      middleY: y + cell.image / 2,
      titleY: y + cell.image + 14,
      noteY: y + cell.image + 28,
    };
  });
  const line = (text: string, y: string, color: string) => ({
    mark: { type: "text" as const, align: "left" as const, fontSize: 11, color },
    encoding: { x: at("x"), y: at(y), text: { field: text, type: "nominal" as const } },
  });
  return {
    title,
    data: { values },
    width: Math.min(columns, values.length) * cell.width,
    height: Math.ceil(values.length / columns) * cell.height,
    layer: [
      {
        mark: { type: "image", width: cell.image, height: cell.image, aspect: false },
        encoding: { x: at("middleX"), y: at("middleY"), url: { field: "url", type: "nominal" } },
      },
      line("title", "titleY", "#111827"),
      line("note", "noteY", "#6b7280"),
    ],
  };
}

/** A place that the data has in pixels. */
function at(field: string) {
  return { field, type: "quantitative" as const, scale: null, axis: null };
}

/** The input of an example as bytes, whatever range its values have. */
function bytesOf(
  index: number,
  { inputs, count }: Pick<Examples, "inputs" | "count">,
  { min, max } = { min: 0, max: 255 },
): Uint8Array {
  const length = inputs.length / count;
  const row = inputs.subarray(index * length, (index + 1) * length);
  return Uint8Array.from(row, (value) =>
    Math.round((255 * (Math.min(max, Math.max(min, value)) - min)) / (max - min)),
  );
}

function rowsOf(shown: readonly ShownExample[], { examples, input }: ShownFrom): string[][] {
  const { inputs, count, originOf } = examples;
  const length = inputs.length / count;
  const names = input.features ?? Array.from({ length }, (_, place) => `value ${place + 1}`);
  const head = ["example", "", "", ...names.slice(0, shownValues)];
  const rows = shown.map(({ index, title, note }) => [
    originOf?.(index) ?? String(index),
    title,
    note,
    ...Array.from(inputs.subarray(index * length, index * length + shownValues), (value) =>
      String(Number(value.toPrecision(5))),
    ).slice(0, length),
  ]);
  return [head, ...rows];
}

/** Rows as text, each column as wide as its longest cell. */
function lineSpec(title: string, rows: readonly (readonly string[])[]): PlotSpec {
  const widths = (rows[0] ?? []).map(
    (_, column) => 20 + 6.5 * Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const starts = widths.map((_, column) => widths.slice(0, column).reduce((a, b) => a + b, 0));
  const values = rows.flatMap((row, line) =>
    row.map((text, column) => ({ text, x: starts[column], y: 10 + 20 * line, isHead: line === 0 })),
  );
  return {
    title,
    data: { values },
    width: widths.reduce((a, b) => a + b, 0),
    height: 20 * rows.length,
    mark: { type: "text", align: "left" },
    encoding: {
      x: at("x"),
      y: at("y"),
      text: { field: "text", type: "nominal" },
      color: { condition: { test: "datum.isHead", value: "#6b7280" }, value: "#111827" },
    },
  };
}

import type { DatasetFormat, Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";

/** An example that cannot be used. */
export interface DefectiveRow {
  readonly index: number;
  readonly defect: "missing" | "outOfRange";
  /** For people: `value 3 is NaN`. */
  readonly what: string;
}

type Defect = Omit<DefectiveRow, "index">;

/**
 * The examples that lack a value or their label (NaN, or a class below 0), or have one that makes
 * no sense, ascending. Of several things wrong with an example the first is told.
 */
export function defectiveRows(
  examples: Examples,
  { input, output, format }: Pick<ModelDefinition, "input" | "output" | "format">,
): DefectiveRow[] {
  const { inputs, count } = examples;
  const width = inputs.length / count;
  const range = input.range ?? { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
  const allBytesMakeSense = inputs instanceof Uint8Array && range.min <= 0 && range.max >= 255;
  const rows: DefectiveRow[] = [];
  for (let index = 0; index < count; index += 1) {
    const wrong = allBytesMakeSense ? -1 : firstOutside(inputs, index * width, width, range);
    const defect =
      wrong >= 0
        ? defectOfValue(
            valueName(format, wrong),
            inputs[index * width + wrong] ?? Number.NaN,
            input.range,
          )
        : defectOfLabel(examples, index, output.labels?.length);
    if (defect) rows.push({ index, ...defect });
  }
  return rows;
}

/** Place of the first of some values that is no number between two ends; -1 if there is none. */
function firstOutside(
  values: Examples["inputs"],
  from: number,
  width: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  // An index, not an iterator: there may be a hundred million values.
  for (let at = 0; at < width; at += 1) {
    const value = values[from + at] ?? 0;
    if (!(value >= min && value <= max)) return at;
  }
  return -1;
}

/** What a value of an input is called: its column, or its place from 0. */
export function valueName({ inputNames }: Pick<DatasetFormat, "inputNames">, at: number): string {
  return inputNames?.[at] ?? `value ${at}`;
}

function defectOfValue(
  name: string,
  value: number,
  range: ModelDefinition["input"]["range"],
): Defect {
  if (Number.isNaN(value)) return { defect: "missing", what: `${name} is missing` };
  const limits = range ? `; expected ${range.min} to ${range.max}` : "; expected a finite number";
  return { defect: "outOfRange", what: `${name} is ${value}${limits}` };
}

/** @param classes how many there are; none of a regressor */
function defectOfLabel(
  { labels, count }: Examples,
  index: number,
  classes: number | undefined,
): Defect | undefined {
  const outputs = labels.length / count;
  for (let at = 0; at < outputs; at += 1) {
    const label = labels[index * outputs + at] ?? Number.NaN;
    const isMissing = Number.isNaN(label) || (classes !== undefined && label < 0);
    if (isMissing) return { defect: "missing", what: "its label is missing" };
    if (classes === undefined ? Number.isFinite(label) : label < classes) continue;
    const limits = classes === undefined ? "a finite number" : `0 to ${classes - 1}`;
    return { defect: "outOfRange", what: `its label is ${label}; expected ${limits}` };
  }
  return undefined;
}

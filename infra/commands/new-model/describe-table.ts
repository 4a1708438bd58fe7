import { messageOf } from "@updraft/contracts/message-of";
import { parse } from "csv-parse/sync";

/** What a model is to do with a table. */
export interface Task {
  readonly kind: "classifier" | "regressor";
  /** The column that it tells or estimates. */
  readonly label: string;
}

/** What a model of a table has to know of it. */
export interface TableDescription {
  /** All columns of numbers but the label, in the order of the table. */
  readonly features: readonly string[];
  /** What the label's column has, sorted; of a regressor nothing. */
  readonly labels: readonly string[];
  /** Around all values of the features, with room to spare. */
  readonly range: { readonly min: number; readonly max: number };
  readonly rows: number;
  /** Columns that are no numbers. */
  readonly skipped: readonly string[];
}

/** More classes than this are no classes. */
const mostClasses = 200;

/**
 * Looks at a table: CSV with the names of its columns in the first line.
 * @throws if it cannot be read, or has no such label
 */
export function describeTable(csv: string, { kind, label }: Task): TableDescription {
  const [columns = [], ...rows] = recordsOf(csv);
  if (rows.length === 0) throw new Error("it has no rows; expected a line of names and then rows");
  const place = columns.indexOf(label);
  if (place < 0) {
    throw new Error(`it has no column "${label}"; the columns are ${columns.join(", ")}`);
  }
  const valuesOf = (index: number) => rows.map((row) => row[index] ?? "");
  const isNumeric = (_: string, index: number) => valuesOf(index).every(isNumberOrMissing);
  const others = columns.filter((column) => column !== label);
  const features = columns.filter((column, index) => column !== label && isNumeric(column, index));
  if (features.length === 0) {
    throw new Error(`it has no column of numbers beside "${label}", and a network takes numbers`);
  }
  const numbers = features.flatMap((feature) => valuesOf(columns.indexOf(feature)).map(Number));
  return {
    features,
    labels: kind === "classifier" ? classesOf(valuesOf(place), label) : [],
    range: rangeAround(numbers.filter(Number.isFinite)),
    rows: checkedRows(valuesOf(place), { kind, label }).length,
    skipped: others.filter((column) => !features.includes(column)),
  };
}

function recordsOf(csv: string): string[][] {
  try {
    return parse(csv, { bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new Error(`it is no CSV: ${messageOf(error)}`, { cause: error });
  }
}

function isNumberOrMissing(cell: string): boolean {
  return cell === "" || Number.isFinite(Number(cell));
}

function classesOf(values: readonly string[], label: string): string[] {
  const classes = [...new Set(values)].toSorted();
  if (classes.length > 1 && classes.length <= mostClasses) return classes;
  throw new Error(
    `column "${label}" has ${classes.length} different values; expected 2 to ${mostClasses} classes, or numbers with --kind regressor`,
  );
}

function checkedRows(values: readonly string[], { kind, label }: Task): readonly string[] {
  if (values.includes("")) throw new Error(`column "${label}" is empty in some rows`);
  const text = values.find((value) => !Number.isFinite(Number(value)));
  if (kind === "classifier" || text === undefined) return values;
  throw new Error(`column "${label}" has ${text}; a regressor estimates numbers`);
}

/** Powers of ten on both sides; 0 where nothing is negative. */
function rangeAround(values: readonly number[]): TableDescription["range"] {
  const max = values.reduce((largest, value) => Math.max(largest, value), 0);
  const min = values.reduce((smallest, value) => Math.min(smallest, value), 0);
  return { min: 0 - boundOf(-min), max: boundOf(max) || 1 };
}

function boundOf(size: number): number {
  return size > 0 ? 10 ** Math.ceil(Math.log10(size)) : 0;
}

import { DataError, type DatasetFile, type Examples } from "../dataset.ts";

/** A column that becomes inputs: its number, or a 1 at the place of its category and 0 elsewhere. */
export type Feature = string | { readonly name: string; readonly oneHot: readonly string[] };

/** A column with the name of each example's class. */
export interface ClassLabel {
  readonly column: string;
  /** Every class, in the order of the model's outputs. */
  readonly classes: readonly string[];
}

/** Columns with the values that a regressor estimates, in the order of its outputs. */
export interface ValueLabels {
  readonly columns: readonly string[];
}

/** What the columns of a table mean; those that are not named are not used. */
export interface TableOptions {
  /** The file's published name: `iris.csv`. */
  readonly file: string;
  /** The file of the published test split, optional in a dataset. */
  readonly test?: string;
  /** In the order of the model's inputs. */
  readonly features: readonly Feature[];
  readonly label: ClassLabel | ValueLabels;
  /** Columns by whose texts the evaluation is broken down. */
  readonly slices?: readonly string[];
}

/** What is in a row under a column; `undefined` where there is nothing. */
export type Cell = string | number | undefined;

/** Takes rows and gives examples. */
export interface Table {
  /** The names of the columns that are used, in the order in which a row's cells are given. */
  readonly columns: readonly string[];
  /**
   * @param line of the row, from 1 on
   * @throws {DataError} for a cell that is neither missing nor what its column wants
   */
  add(cells: readonly Cell[], line: number): void;
  /** @throws {DataError} if there are none */
  examples(): Examples;
}

/** What the values of an input are called: `petalLength`, `colour=red`. */
export function inputNames(features: readonly Feature[]): string[] {
  return features.flatMap((feature) =>
    typeof feature === "string"
      ? [feature]
      : feature.oneHot.map((category) => `${feature.name}=${category}`),
  );
}

/** The files of a table, as a format lists them. */
export function tableFiles({ file, test }: TableOptions) {
  const optional = test === undefined ? [] : [{ name: test, required: false }];
  return [{ name: file, required: true }, ...optional];
}

/**
 * An empty table. Numbers that are missing become NaN, and so do all places of a missing category;
 * a missing class is an error, because there is no label without one.
 * @param capacity most rows that may come
 */
export function createTable(options: TableOptions, file: DatasetFile, capacity: number): Table {
  const { features, label, slices = [] } = options;
  const inputColumns = features.map(featureColumn);
  const labelColumns =
    "classes" in label ? [classColumn(label)] : label.columns.map((name) => numberColumn(name));
  const width = widthOf(inputColumns);
  const inputs = new Float32Array(capacity * width);
  const labels =
    "classes" in label
      ? new Int32Array(capacity)
      : new Float32Array(capacity * widthOf(labelColumns));
  const lines = new Uint32Array(capacity);
  const groups = slices.map(() => createTexts());
  let count = 0;

  return {
    columns: [...[...inputColumns, ...labelColumns].map(({ name }) => name), ...slices],
    add(cells, line) {
      const write = (columns: readonly Column[], from: number, target: Values) => {
        let at = count * widthOf(columns);
        for (const [index, column] of columns.entries()) {
          const problem = column.write(cells[from + index], target, at);
          if (problem !== undefined) {
            throw new DataError(file.origin, { line }, `column "${column.name}" ${problem}`);
          }
          at += column.width;
        }
      };
      write(inputColumns, 0, inputs);
      write(labelColumns, inputColumns.length, labels);
      const first = inputColumns.length + labelColumns.length;
      for (const [index, group] of groups.entries()) group.add(cells[first + index]);
      lines[count] = line;
      count += 1;
    },
    examples() {
      if (count === 0) {
        throw new DataError(file.origin, undefined, "no examples; expected at least one row");
      }
      const bySlice = slices.map((name, index) => [name, groups[index]?.texts ?? []] as const);
      return {
        count,
        inputs: inputs.subarray(0, count * width),
        labels: labels.subarray(0, (labels.length / capacity) * count),
        ...(slices.length > 0 ? { slices: Object.fromEntries(bySlice) } : {}),
        originOf: (index) => `${file.name}, line ${lines[index]}`,
      };
    },
  };
}

type Values = Float32Array | Int32Array;

/** How the cells of a column become values. */
interface Column {
  readonly name: string;
  /** How many values come of a cell. */
  readonly width: number;
  /** Writes the values to `target` from `at` on, or says what is wrong with the cell. */
  write(cell: Cell, target: Values, at: number): string | undefined;
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0);
}

function featureColumn(feature: Feature): Column {
  return typeof feature === "string" ? numberColumn(feature) : oneHotColumn(feature);
}

/** A decimal number, as spreadsheets, statistics programs and JSON write it. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Read as infinite, for whoever checks the values to find. */
const infinite = /^([+-]?)inf(inity)?$/i;

function numberColumn(name: string): Column {
  return {
    name,
    width: 1,
    write(cell, target, at) {
      target[at] = numberIn(cell);
      // What is missing is NaN too.
      if (!Number.isNaN(target[at]) || isMissing(cell)) return undefined;
      return `is ${shown(cell)}; expected a number`;
    },
  };
}

function numberIn(cell: Cell): number {
  if (typeof cell !== "string") return cell ?? Number.NaN;
  if (decimal.test(cell)) return Number(cell);
  const sign = infinite.exec(cell)?.[1];
  return sign === undefined ? Number.NaN : Number(`${sign}Infinity`);
}

function oneHotColumn({ name, oneHot }: Exclude<Feature, string>): Column {
  return {
    name,
    width: oneHot.length,
    write(cell, target, at) {
      const place = oneHot.indexOf(String(cell));
      const missing = place < 0 && isMissing(cell);
      for (let index = 0; index < oneHot.length; index += 1) {
        target[at + index] = missing ? Number.NaN : Number(index === place);
      }
      if (place >= 0 || missing) return undefined;
      return `is ${shown(cell)}; expected ${oneOf(oneHot)}`;
    },
  };
}

function classColumn({ column, classes }: ClassLabel): Column {
  return {
    name: column,
    width: 1,
    write(cell, target, at) {
      const place = classes.indexOf(String(cell));
      target[at] = place;
      return place >= 0 ? undefined : `is ${shown(cell)}; expected ${oneOf(classes)}`;
    },
  };
}

/** How files say that there is no value, in lower case. */
const missingMarks = new Set(["", "?", "na", "n/a", "nan", "null", "none"]);

function isMissing(cell: Cell): boolean {
  if (typeof cell !== "string") return cell === undefined || Number.isNaN(cell);
  return missingMarks.has(cell.toLowerCase());
}

const longestShown = 40;

function shown(cell: Cell): string {
  if (cell === undefined || cell === "") return "empty";
  const text = String(cell);
  return JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
}

const mostListed = 12;

function oneOf(names: readonly string[]): string {
  const listed = names.slice(0, mostListed).join(", ");
  return `one of ${listed}${names.length > mostListed ? ` and ${names.length - mostListed} more` : ""}`;
}

/** Texts of which many are equal; of equal ones one is kept. */
function createTexts() {
  const known = new Map<string, string>();
  const texts: string[] = [];
  return {
    texts,
    add(cell: Cell) {
      const text = cell === undefined ? "" : String(cell);
      const kept = known.get(text) ?? text;
      known.set(text, kept);
      texts.push(kept);
    },
  };
}

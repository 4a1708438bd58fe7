import { isUtf8 } from "node:buffer";
import {
  DataError,
  type Dataset,
  type DatasetFile,
  type DatasetFormat,
  type Examples,
} from "../dataset.ts";
import { createTable, inputNames, tableFiles, type Cell, type TableOptions } from "./table.ts";

/**
 * Tables with a JSON object in each line (UTF-8; empty lines are passed over). A column is a key; a
 * key that is absent or null is a missing value.
 * @see https://jsonlines.org
 */
export function jsonLinesFormat(options: TableOptions): DatasetFormat {
  const { file, test, features } = options;
  return {
    files: tableFiles(options),
    inputNames: inputNames(features),
    parse(files): Dataset {
      const named = (name: string | undefined) => files.find((one) => one.name === name);
      const trainFile = named(file);
      const testFile = named(test);
      if (!trainFile) throw new DataError(file, undefined, "the file is missing");
      const train = parseLines(trainFile, options);
      return testFile ? { train, test: parseLines(testFile, options) } : { train };
    },
  };
}

function parseLines(file: DatasetFile, options: TableOptions): Examples {
  const { content, origin } = file;
  if (!isUtf8(content)) {
    throw new DataError(origin, undefined, "it is not UTF-8; save it in that encoding");
  }
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const table = createTable(options, file, lineCount(bytes));
  const seen = new Set<string>();
  let line = 0;
  for (const text of linesOf(bytes)) {
    line += 1;
    if (text.trim() === "") continue;
    const row = objectIn(text, origin, line);
    for (const column of table.columns) if (Object.hasOwn(row, column)) seen.add(column);
    table.add(
      table.columns.map((column) => cellIn(row, column, origin, line)),
      line,
    );
  }
  const examples = table.examples();
  // A misspelt name would be missing from every line.
  const absent = table.columns.find((column) => !seen.has(column));
  if (absent === undefined) return examples;
  throw new DataError(origin, undefined, `no line has the key "${absent}"; expected it in each`);
}

function lineCount(bytes: Buffer): number {
  let count = 1;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** One line after another, so that their texts are not in memory all at once. */
function* linesOf(bytes: Buffer): Generator<string> {
  const mark = bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? 3 : 0;
  for (let start = mark; start < bytes.length;) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.toString("utf8", start, end);
    start = end + 1;
  }
}

type Row = Readonly<Record<string, unknown>>;

function objectIn(text: string, origin: string, line: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(origin, { line }, `it is not JSON: ${reason}`, { cause: error });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new DataError(origin, { line }, 'expected an object such as {"width": 1.5}');
}

function cellIn(row: Row, column: string, origin: string, line: number): Cell {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return String(value);
  const rule = `"${column}" is an array or an object; expected a number, a text or null`;
  throw new DataError(origin, { line }, rule);
}

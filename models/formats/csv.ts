import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import {
  DataError,
  type Dataset,
  type DatasetFile,
  type DatasetFormat,
  type Examples,
} from "../dataset.ts";
import { createTable, inputNames, tableFiles, type TableOptions } from "./table.ts";

export interface CsvOptions extends TableOptions {
  /** What is between two cells. @default "," */
  readonly delimiter?: string;
}

/**
 * Tables as spreadsheets and statistics programs write them: UTF-8, the names of the columns in the
 * first line, cells with delimiters, quotes or line ends in double quotes.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvFormat(options: CsvOptions): DatasetFormat {
  const { file, test, features } = options;
  return {
    files: tableFiles(options),
    inputNames: inputNames(features),
    async parse(files): Promise<Dataset> {
      const named = (name: string | undefined) => files.find((one) => one.name === name);
      const trainFile = named(file);
      const testFile = named(test);
      if (!trainFile) throw new DataError(file, undefined, "the file is missing");
      const train = await parseCsv(trainFile, options);
      return testFile ? { train, test: await parseCsv(testFile, options) } : { train };
    },
  };
}

/** Bytes that are given to the parser at once. */
const chunkBytes = 1 << 20;

async function parseCsv(file: DatasetFile, options: CsvOptions): Promise<Examples> {
  const { content, origin } = file;
  if (!isUtf8(content)) {
    throw new DataError(origin, undefined, "it is not UTF-8; save it in that encoding");
  }
  const table = createTable(options, file, mostRecords(content));
  let places: readonly number[] | undefined;
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    delimiter: options.delimiter ?? ",",
    on_record(record: string[], { lines }) {
      if (places) {
        table.add(
          places.map((place) => record[place]),
          lines,
        );
      } else places = placesOf(table.columns, record, origin, lines);
      // Nothing is kept of a record but its values.
      return null;
    },
  });
  try {
    await pipeline(chunksOf(content), parser, finished);
  } catch (error) {
    throw error instanceof CsvError ? refusal(error, origin, parser.info.lines) : error;
  }
  if (!places) throw new DataError(origin, undefined, "it is empty; expected a line of names");
  return table.examples();
}

function* chunksOf(content: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < content.length; start += chunkBytes) {
    yield content.subarray(start, start + chunkBytes);
  }
}

/** Waits for the end of a parser that gives nothing back. */
async function finished(records: AsyncIterable<unknown>): Promise<void> {
  for await (const record of records) throw new Error(`unreachable: ${String(record)}`);
}

/** No file has more records than lines. */
function mostRecords(content: Uint8Array): number {
  let lines = 1;
  for (let at = 0; at < content.length; at += 1) {
    if (content[at] === 10 || (content[at] === 13 && content[at + 1] !== 10)) lines += 1;
  }
  return lines;
}

/** Where the columns are in a record. */
function placesOf(
  columns: readonly string[],
  header: readonly string[],
  origin: string,
  line: number,
): number[] {
  return columns.map((column) => {
    const place = header.indexOf(column);
    if (place < 0) {
      const rule = `there is no column "${column}"; the columns are ${header.join(", ")}`;
      throw new DataError(origin, { line }, rule);
    }
    if (header.includes(column, place + 1)) {
      throw new DataError(origin, { line }, `the column "${column}" is there twice; expected once`);
    }
    return place;
  });
}

/** The parser's complaint, in the words of every other one. */
function refusal(error: CsvError, origin: string, line: number): DataError {
  const rules: Partial<Record<CsvError["code"], string>> = {
    CSV_QUOTE_NOT_CLOSED: 'the file ends within a quoted cell; expected a closing "',
    CSV_INVALID_CLOSING_QUOTE: 'text follows a closing "; expected a delimiter, or "" for a quote',
    CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE:
      'text follows a closing "; expected a delimiter, or "" for a quote',
    INVALID_OPENING_QUOTE: 'a " is within a cell that is not quoted; quote the cell and double it',
  };
  const cells = error["record"];
  const rule = Array.isArray(cells)
    ? `${cells.length} cells; expected one for each column of the first line`
    : (rules[error.code] ?? error.message);
  return new DataError(origin, { line }, rule, { cause: error });
}

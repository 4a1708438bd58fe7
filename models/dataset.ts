/** A file of a dataset, as its format wants it: decompressed, under its published name. */
export interface DatasetFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** Where it was read, for messages: a path or an address. */
  readonly origin: string;
}

/**
 * What examples are labelled with: of a classifier the index of each example's class, `[n]`
 * (int32); of a regressor the values that it should give, `[n, outputs]`, row-major (float32).
 */
export type Labels = Int32Array | Float32Array;

/** Examples in memory. */
export interface Examples<L extends Labels = Labels> {
  readonly count: number;
  /** All inputs one after another, each row-major. Bytes where the format has bytes. */
  readonly inputs: Uint8Array | Float32Array;
  readonly labels: L;
  /** Groups that are evaluated by themselves: by name of a slicing column, each example's value. */
  readonly slices?: Readonly<Record<string, readonly string[]>>;
  /** Where an example comes from, for people: `iris.csv, line 12`. */
  readonly originOf?: (index: number) => string;
}

/**
 * The examples of a classifier.
 * @throws if they are labelled with values
 */
export function classified(examples: Examples): Examples<Int32Array> {
  const { labels } = examples;
  if (labels instanceof Int32Array) return { ...examples, labels };
  throw new Error("the examples are labelled with values; expected indexes of classes");
}

/** A dataset as its files have it, before it is split. */
export interface Dataset {
  readonly train: Examples;
  /** The published test split, where there is one. */
  readonly test?: Examples;
}

/** How the files of a dataset become examples. */
export interface DatasetFormat {
  /** The files, by the names they are published under; a folder may have each one gzipped. */
  readonly files: readonly { readonly name: string; readonly required: boolean }[];
  /** Files that are told by their paths, however many there are, beside those with a name. */
  readonly others?: {
    /** What their paths look like, for people: `<class>/<name>.png`. */
    readonly description: string;
    accepts(path: string): boolean;
  };
  /** What the values of an input are called, in their order, where each has a name. */
  readonly inputNames?: readonly string[];
  /** @throws {DataError} for whatever is malformed */
  parse(files: readonly DatasetFile[]): Dataset | Promise<Dataset>;
}

/** A file to be downloaded. */
export interface RemoteFile {
  /** Its name; what ends in `.gz` is decompressed and loses that ending. */
  readonly name: string;
  /** Where it is known beforehand. */
  readonly sizeBytes?: number;
  /** Of the bytes as they are downloaded, in hexadecimal. */
  readonly sha256: string;
  /** Addresses of the same bytes, tried in this order. */
  readonly urls: readonly string[];
}

/** What a trainer offers to a dataset source. */
export interface DatasetAccess {
  /** Downloads files, or takes them from the cache; their bytes are checked. */
  download(files: readonly RemoteFile[]): Promise<DatasetFile[]>;
}

/** A dataset that a model knows by name. */
export interface DatasetSource {
  /** One line for people. */
  readonly description: string;
  /** Whether it has to be downloaded. */
  readonly remote: boolean;
  /** Names its content without reading it: equal fingerprints, equal bytes. */
  fingerprint(): Promise<string>;
  read(access: DatasetAccess): Promise<DatasetFile[]>;
}

/** A place in a file: bytes from its start, or a line from 1 on. */
export type DataPlace = number | { readonly line: number };

/** Data that cannot be trained on. */
export class DataError extends Error {
  /** Path or address of the file. */
  readonly file: string;
  /** Where in the file, in bytes from its start; of the decompressed content if it is gzipped. */
  readonly offset: number | undefined;
  /** Where in the file, in lines from 1 on, if it is a text. */
  readonly line: number | undefined;
  /** What is wrong, and what was expected. */
  readonly rule: string;

  constructor(file: string, place: DataPlace | undefined, rule: string, options?: ErrorOptions) {
    super(`${file}${placeText(place)}: ${rule}`, options);
    this.name = "DataError";
    this.file = file;
    this.offset = typeof place === "number" ? place : undefined;
    this.line = typeof place === "object" ? place.line : undefined;
    this.rule = rule;
  }
}

function placeText(place: DataPlace | undefined): string {
  if (place === undefined) return "";
  return typeof place === "number" ? `, byte ${place}` : `, line ${place.line}`;
}

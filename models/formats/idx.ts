import {
  DataError,
  type Dataset,
  type DatasetFile,
  type DatasetFormat,
  type Examples,
} from "../dataset.ts";

/** The two files of one split. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

export interface IdxOptions {
  readonly train: IdxPair;
  /** Optional in a dataset: both files or neither. */
  readonly test: IdxPair;
  /** Rows and columns of every image. */
  readonly size: readonly [number, number];
  /** How many classes there are: labels are below it. */
  readonly classes: number;
}

/** Reads at once: nothing of it is compressed. */
export interface IdxFormat extends DatasetFormat {
  parse(files: readonly DatasetFile[]): Dataset;
}

const imagesMagic = 0x00000803;
const labelsMagic = 0x00000801;

/**
 * Images and labels as MNIST is published: big-endian, unsigned bytes, a magic number and the
 * sizes of the dimensions before the values.
 * @see https://web.archive.org/web/2020/http://yann.lecun.com/exdb/mnist/
 */
export function idxFormat(options: IdxOptions): IdxFormat {
  const { train, test } = options;
  return {
    files: [
      { name: train.images, required: true },
      { name: train.labels, required: true },
      { name: test.images, required: false },
      { name: test.labels, required: false },
    ],
    parse(files): Dataset {
      const byName = new Map(files.map((file) => [file.name, file]));
      const trainSplit = parsePair(byName, train, options);
      if (!trainSplit) throw new DataError(train.images, undefined, "the file is missing");
      const testSplit = parsePair(byName, test, options);
      return testSplit ? { train: trainSplit, test: testSplit } : { train: trainSplit };
    },
  };
}

/** One IDX file of bytes: the magic number, the dimensions' sizes, the values. */
export function idxFile(sizes: readonly number[], values: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * sizes.length + values.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 + sizes.length);
  for (const [index, size] of sizes.entries()) view.setUint32(4 + 4 * index, size);
  file.set(values, 4 + 4 * sizes.length);
  return file;
}

function parsePair(
  files: ReadonlyMap<string, DatasetFile>,
  pair: IdxPair,
  options: IdxOptions,
): Examples | undefined {
  const images = files.get(pair.images);
  const labels = files.get(pair.labels);
  if (!images && !labels) return undefined;
  if (!images) throw missingPartner(pair.images, labels);
  if (!labels) throw missingPartner(pair.labels, images);
  const imageValues = parseImages(images, options.size);
  const labelValues = parseLabels(labels, options.classes);
  const imageCount = imageValues.length / (options.size[0] * options.size[1]);
  if (imageCount !== labelValues.length) {
    throw new DataError(
      labels.origin,
      4,
      `it has ${labelValues.length} labels and ${images.origin} has ${imageCount} images; expected one label for each image`,
    );
  }
  return { count: imageCount, inputs: imageValues, labels: labelValues };
}

function missingPartner(name: string, partner: DatasetFile | undefined): DataError {
  return new DataError(name, undefined, `the file is missing, but ${partner?.origin} is there`);
}

function parseImages(file: DatasetFile, [rows, columns]: readonly [number, number]): Uint8Array {
  const header = readHeader(file, imagesMagic, "images");
  const [, height, width] = header.sizes;
  if (height !== rows || width !== columns) {
    throw new DataError(
      file.origin,
      8,
      `images of ${height} x ${width} pixels; expected ${rows} x ${columns}`,
    );
  }
  return readValues(file, header);
}

function parseLabels(file: DatasetFile, classes: number): Int32Array {
  const header = readHeader(file, labelsMagic, "labels");
  const values = readValues(file, header);
  const wrong = values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new DataError(
      file.origin,
      header.length + wrong,
      `label ${values[wrong]} of example ${wrong}; expected 0 to ${classes - 1}`,
    );
  }
  return Int32Array.from(values);
}

interface Header {
  readonly sizes: readonly number[];
  /** In bytes. */
  readonly length: number;
}

function readHeader(file: DatasetFile, magic: number, kind: string): Header {
  const { content, origin } = file;
  const dimensions = magic & 0xff;
  const length = 4 + 4 * dimensions;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (content.byteLength >= 4 && view.getUint32(0) !== magic) {
    throw new DataError(
      origin,
      0,
      `magic number ${view.getUint32(0)}; expected ${magic}, that of IDX ${kind}`,
    );
  }
  if (content.byteLength < length) {
    throw new DataError(
      origin,
      content.byteLength,
      `the file ends within its header of ${length} bytes; it is truncated`,
    );
  }
  const sizes = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  if (sizes[0] === 0) throw new DataError(origin, 4, `no ${kind}; expected at least one`);
  return { sizes, length };
}

function readValues({ content, origin }: DatasetFile, header: Header): Uint8Array {
  const expected = header.length + header.sizes.reduce((product, size) => product * size, 1);
  if (content.byteLength < expected) {
    throw new DataError(
      origin,
      content.byteLength,
      `the file ends here; expected ${expected} bytes for ${header.sizes.join(" x ")} values; it is truncated`,
    );
  }
  if (content.byteLength > expected) {
    throw new DataError(
      origin,
      expected,
      `${content.byteLength - expected} bytes follow the last value; expected the file to end here`,
    );
  }
  return content.subarray(header.length);
}

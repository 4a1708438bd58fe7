import { describe, expect, it } from "vitest";
import type { DatasetFile } from "../dataset.ts";
import { idxFile, idxFormat } from "./idx.ts";

const format = idxFormat({
  train: { images: "images", labels: "labels" },
  test: { images: "test-images", labels: "test-labels" },
  size: [2, 3],
  classes: 4,
});

const file = (name: string, content: Uint8Array): DatasetFile => ({
  name,
  content,
  origin: `/data/${name}.gz`,
});

const images = idxFile([2, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255));
const labels = idxFile([2], Uint8Array.of(3, 0));

function parse(change: Readonly<Record<string, Uint8Array | undefined>>) {
  const files = Object.entries({ images, labels, ...change });
  return format.parse(
    files.flatMap(([name, content]) => (content === undefined ? [] : [file(name, content)])),
  );
}

function withByte(content: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = content.slice();
  changed[offset] = value;
  return changed;
}

describe("idxFile", () => {
  it("writes the magic number, the sizes and the values, big-endian", () => {
    expect([...idxFile([2], Uint8Array.of(7, 8))]).toEqual([0, 0, 8, 1, 0, 0, 0, 2, 7, 8]);
    expect([...idxFile([1, 1, 258], new Uint8Array(0))]).toEqual([
      0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 2,
    ]);
  });
});

describe("idxFormat", () => {
  it("reads images and labels", () => {
    expect(parse({})).toEqual({
      train: {
        count: 2,
        inputs: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255),
        labels: Int32Array.of(3, 0),
      },
    });
  });

  it("reads the test split where it is published", () => {
    const parsed = parse({
      "test-images": idxFile([1, 2, 3], Uint8Array.of(9, 9, 9, 9, 9, 9)),
      "test-labels": idxFile([1], Uint8Array.of(2)),
    });
    expect(parsed.test).toEqual({
      count: 1,
      inputs: Uint8Array.of(9, 9, 9, 9, 9, 9),
      labels: Int32Array.of(2),
    });
  });

  it("reads content that does not start at the start of its buffer", () => {
    const shifted = new Uint8Array(labels.length + 3);
    shifted.set(labels, 3);
    expect(parse({ labels: shifted.subarray(3) }).train.labels).toEqual(Int32Array.of(3, 0));
  });

  it("refuses a missing file", () => {
    expect(() => parse({ labels: undefined })).toThrow(
      "labels: the file is missing, but /data/images.gz is there",
    );
    expect(() => parse({ "test-labels": labels })).toThrow(
      "test-images: the file is missing, but /data/test-labels.gz is there",
    );
  });

  it("refuses another magic number", () => {
    expect(() => parse({ images: labels })).toThrow(
      "/data/images.gz, byte 0: magic number 2049; expected 2051, that of IDX images",
    );
  });

  it("refuses a file that ends within its header", () => {
    expect(() => parse({ images: images.subarray(0, 10) })).toThrow(
      "/data/images.gz, byte 10: the file ends within its header of 16 bytes; it is truncated",
    );
    expect(() => parse({ images: new Uint8Array(0) })).toThrow(
      "/data/images.gz, byte 0: the file ends within its header of 16 bytes; it is truncated",
    );
  });

  it("refuses a file that ends within its values", () => {
    expect(() => parse({ images: images.subarray(0, 27) })).toThrow(
      "/data/images.gz, byte 27: the file ends here; expected 28 bytes for 2 x 2 x 3 values; it is truncated",
    );
  });

  it("refuses bytes after the last value", () => {
    expect(() => parse({ labels: Buffer.concat([labels, Buffer.alloc(3)]) })).toThrow(
      "/data/labels.gz, byte 10: 3 bytes follow the last value; expected the file to end here",
    );
  });

  it("refuses a label that is no class", () => {
    expect(() => parse({ labels: withByte(labels, 9, 4) })).toThrow(
      "/data/labels.gz, byte 9: label 4 of example 1; expected 0 to 3",
    );
  });

  it("refuses counts that differ", () => {
    expect(() => parse({ labels: idxFile([3], Uint8Array.of(1, 2, 3)) })).toThrow(
      "/data/labels.gz, byte 4: it has 3 labels and /data/images.gz has 2 images; expected one label for each image",
    );
  });

  it("refuses images of another size", () => {
    expect(() => parse({ images: idxFile([2, 3, 2], new Uint8Array(12)) })).toThrow(
      "/data/images.gz, byte 8: images of 3 x 2 pixels; expected 2 x 3",
    );
  });

  it("refuses a file without examples", () => {
    expect(() => parse({ labels: idxFile([0], new Uint8Array(0)) })).toThrow(
      "/data/labels.gz, byte 4: no labels; expected at least one",
    );
  });
});

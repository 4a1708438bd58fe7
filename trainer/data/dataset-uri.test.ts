import type { DatasetFormat } from "@updraft/models/dataset";
import { describe, expect, it } from "vitest";
import { datasetUriProblem, parseDatasetUri, snapshotIn } from "./dataset-uri.ts";

const sum = "0123456789abcdef".repeat(4);

const formatOf = (files: Readonly<Record<string, boolean>>): DatasetFormat => ({
  files: Object.entries(files).map(([name, required]) => ({ name, required })),
  parse: () => Promise.reject(new Error("not here")),
});
const table = formatOf({ "iris.csv": true, "iris-test.csv": false });

const parsed = (uri: string, format = table) => {
  const { address, only, sha256 } = parseDatasetUri(uri, format);
  return [address, only, sha256];
};

describe("parseDatasetUri", () => {
  it("takes an address for that of a folder", () => {
    expect(parsed("https://host/iris/")).toEqual(["https://host/iris/", undefined, undefined]);
    expect(parsed(`s3://bucket/iris#sha256=${sum}`, formatOf({}))).toEqual([
      "s3://bucket/iris",
      undefined,
      sum,
    ]);
    expect(parsed(`https://host/iris/#sha256=${sum.toUpperCase()}`)).toEqual([
      "https://host/iris/",
      undefined,
      sum,
    ]);
    expect(parsed("file:///data/iris")).toEqual(["file:///data/iris", undefined, undefined]);
  });

  it("takes one that ends with the name of a file for that of the file", () => {
    for (const uri of [
      "file:///data/iris.csv",
      "s3://bucket/iris.csv",
      "https://host/iris.csv?token=1",
    ]) {
      expect(parsed(uri)).toEqual([uri, "iris.csv", undefined]);
    }
    const packed = "https://host/iris.csv.gz";
    expect(parsed(`${packed}#sha256=${sum}`)).toEqual([packed, "iris.csv.gz", sum]);
  });

  it("takes one with a checksum for the file that the format must have, whatever it is called", () => {
    const uri = "https://host/download?id=5";
    expect(parsed(`${uri}#sha256=${sum}`)).toEqual([uri, "iris.csv", sum]);
    const packed = "https://host/flowers.gz";
    expect(parsed(`${packed}#sha256=${sum}`)).toEqual([packed, "iris.csv.gz", sum]);
    const two = formatOf({ images: true, labels: true });
    expect(parsed(`${uri}#sha256=${sum}`, two)).toEqual([uri, undefined, sum]);
  });

  it("knows a snapshot by its name", () => {
    expect(snapshotIn(`s3://bucket/datasets/${sum}`)).toBe(sum);
    expect(snapshotIn(`file:///store/datasets/${sum}/`)).toBe(sum);
    expect(snapshotIn(`file:///store/models/${sum}`)).toBeUndefined();
  });
});

describe("datasetUriProblem", () => {
  it("has nothing against folders, files and buckets", () => {
    const uris = [
      "file:///data",
      "https://host/iris/",
      "http://127.0.0.1:8080/iris/",
      "http://localhost/iris/",
      "http://[::1]/",
      "s3://bucket/iris",
      `https://host/iris.csv#sha256=${sum}`,
    ];
    expect(uris.map((uri) => datasetUriProblem(uri))).toEqual(uris.map(() => undefined));
  });

  it("says what an address must be", () => {
    const plain = "expected https://; http:// is for this machine alone (127.0.0.1, localhost)";
    const pin = "after # expected sha256= and 64 hexadecimal digits";
    const forms = "expected file:///<folder>, https://<host>/<folder>/, s3://<bucket>/<folder>";
    expect(datasetUriProblem("http://host/iris/")).toBe(plain);
    expect(datasetUriProblem("http://127.0.0.1.example.org/")).toBe(plain);
    expect(datasetUriProblem("https://me:secret@host/")).toBe(
      "expected an address without user and password",
    );
    expect(datasetUriProblem("https://host/iris/#sha256=12")).toBe(pin);
    expect(datasetUriProblem("https://host/iris/#md5=12")).toBe(pin);
    expect(datasetUriProblem("ftp://host/iris/")).toBe(forms);
    expect(datasetUriProblem("file://host/iris/")).toBe(forms);
    expect(datasetUriProblem("https://")).toBe("it is not an address");
    expect(datasetUriProblem(`https://host/?${"a".repeat(500)}`)).toBe(
      "it has 514 characters; a tracker keeps at most 500",
    );
    const bucket =
      "expected s3://<bucket>/<folder>, and in the bucket's name 3 to 63 of a-z, 0-9, . and -";
    expect(datasetUriProblem("s3://My_Bucket/iris")).toBe(bucket);
    expect(datasetUriProblem("s3://bucket/../iris")).toBe(bucket);
  });
});

import { describe, expect, it } from "vitest";
import { proxiedPath } from "./artifacts.ts";
import { fileKind, prettyJson, tableRows } from "./file-kind.ts";

describe("files", () => {
  it.each([
    ["a/b.json", "json"],
    ["MLmodel", "text"],
    ["model/requirements.txt", "text"],
    ["A.CSV", "table"],
    ["plot.svg", "image"],
    ["photo.JPG", "image"],
    ["weights.bin", "none"],
    ["noending", "none"],
    ["", "none"],
  ])("%s is shown as %s", (path, kind) => {
    expect(fileKind(path)).toBe(kind);
  });

  it("show JSON with its levels, and what is none as it is", () => {
    expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(prettyJson("{")).toBe("{");
  });

  it.each([
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\r\n1,2",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ['"a,""b""","c\nd"\n', [['a,"b"', "c\nd"]]],
    [",\n", [["", ""]]],
    ["a,", [["a", ""]]],
    ["", []],
    ['a,b\n"broken', [["a", "b"]]],
  ])("have the table %o as rows", (text, rows) => {
    expect(tableRows(text, ",", 100)).toEqual(rows);
  });

  it("have tables parted by tabs, and no more rows than are shown", () => {
    expect(tableRows("a\tb,c\n1\t2\n3\t4", "\t", 2)).toEqual([
      ["a", "b,c"],
      ["1", "2"],
    ]);
  });

  it.each([
    ["mlflow-artifacts:/1/ab/artifacts", "1/ab/artifacts"],
    ["mlflow-artifacts:/models/digits/0f/", "models/digits/0f"],
    ["s3://bucket/x", undefined],
    ["file:///a", undefined],
    [undefined, undefined],
  ])("of %s are for the proxy at %s", (uri, path) => {
    expect(proxiedPath(uri)).toBe(path);
  });
});

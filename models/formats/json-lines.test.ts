import { describe, expect, it } from "vitest";
import { DataError } from "../dataset.ts";
import { csvFormat } from "./csv.ts";
import { jsonLinesFormat } from "./json-lines.ts";
import type { TableOptions } from "./table.ts";

const flowers: TableOptions = {
  file: "flowers.jsonl",
  test: "test.jsonl",
  features: ["width", { name: "wild", oneHot: ["false", "true"] }],
  label: { column: "kind", classes: ["1", "lily"] },
  slices: ["garden"],
};

const file = (name: string, text: string | Uint8Array) => ({
  name,
  content: typeof text === "string" ? Buffer.from(text) : text,
  origin: `/data/${name}`,
});

const parse = async (text: string | Uint8Array) =>
  jsonLinesFormat(flowers).parse([file(flowers.file, text)]);

const refusal = async (text: string | Uint8Array) => {
  const error: unknown = await parse(text).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
};

const row = '{"kind": "lily", "width": 1.5, "wild": true, "garden": "north"}';

describe("jsonLinesFormat", () => {
  it("reads objects by their keys, with numbers, texts and booleans", async () => {
    const { train } = await parse(`\uFEFF${row}\r\n\n{"width":"2","kind":1,"wild":false}`);
    expect(train).toEqual({
      count: 2,
      inputs: Float32Array.of(1.5, 0, 1, 2, 1, 0),
      labels: Int32Array.of(1, 0),
      slices: { garden: ["north", ""] },
      originOf: expect.any(Function) as unknown,
    });
    expect([0, 1].map((index) => train.originOf?.(index))).toEqual([
      "flowers.jsonl, line 1",
      "flowers.jsonl, line 3",
    ]);
  });

  it("makes NaN of what is null or absent", async () => {
    const { train } = await parse(`${row}\n{"kind": "lily", "width": null}\n`);
    expect(train.inputs.slice(3)).toEqual(Float32Array.of(Number.NaN, Number.NaN, Number.NaN));
  });

  it("reads the published test split, and the same as the CSV of the same table", async () => {
    const format = jsonLinesFormat(flowers);
    const { train, test } = await format.parse([
      file("flowers.jsonl", row),
      file("test.jsonl", `${row}\n${row}`),
    ]);
    const csv = await csvFormat(flowers).parse([
      file("flowers.jsonl", "garden,wild,kind,width\nnorth,true,lily,1.5\n"),
    ]);
    expect(test?.count).toBe(2);
    expect({ ...train, originOf: undefined }).toEqual({ ...csv.train, originOf: undefined });
    expect(format.files).toEqual(csvFormat(flowers).files);
    expect(format.inputNames).toEqual(["width", "wild=false", "wild=true"]);
  });

  it("refuses what is no object, and names the line", async () => {
    expect(await refusal(`${row}\n{"kind": `)).toMatch(
      /^\/data\/flowers\.jsonl, line 2: it is not JSON: ./,
    );
    expect(await refusal(`${row}\n\n[1]`)).toBe(
      '/data/flowers.jsonl, line 3: expected an object such as {"width": 1.5}',
    );
  });

  it("refuses values that a column does not want", async () => {
    expect(await refusal('{"width": [1]}')).toBe(
      '/data/flowers.jsonl, line 1: "width" is an array or an object; expected a number, a text or null',
    );
    expect(await refusal('{"width": true, "kind": "lily"}')).toBe(
      '/data/flowers.jsonl, line 1: column "width" is "true"; expected a number',
    );
    expect(await refusal('{"width": 1, "kind": "oak"}')).toBe(
      '/data/flowers.jsonl, line 1: column "kind" is "oak"; expected one of 1, lily',
    );
    expect(await refusal('{"width": 1, "wild": 2}')).toBe(
      '/data/flowers.jsonl, line 1: column "wild" is "2"; expected one of false, true',
    );
  });

  it("refuses a key that no line has, a file without lines, and another encoding", async () => {
    expect(await refusal('{"kind": "lily", "width": 1, "wild": true}')).toBe(
      '/data/flowers.jsonl: no line has the key "garden"; expected it in each',
    );
    expect(await refusal("\n")).toBe("/data/flowers.jsonl: no examples; expected at least one row");
    expect(await refusal(Buffer.from(row.replace("north", "Süd"), "latin1"))).toBe(
      "/data/flowers.jsonl: it is not UTF-8; save it in that encoding",
    );
    expect(() => jsonLinesFormat(flowers).parse([])).toThrow("flowers.jsonl: the file is missing");
  });
});

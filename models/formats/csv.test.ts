import { describe, expect, it } from "vitest";
import { DataError } from "../dataset.ts";
import { csvFormat, type CsvOptions } from "./csv.ts";

const flowers: CsvOptions = {
  file: "flowers.csv",
  test: "test.csv",
  features: ["width", { name: "colour", oneHot: ["red", "green"] }],
  label: { column: "kind", classes: ["rose", "lily"] },
  slices: ["garden"],
};

const prices: CsvOptions = {
  file: "prices.csv",
  features: ["rooms"],
  label: { columns: ["price", "rent"] },
};

const file = (name: string, text: string | Uint8Array) => ({
  name,
  content: typeof text === "string" ? Buffer.from(text) : text,
  origin: `/data/${name}`,
});

const parse = async (text: string | Uint8Array, options = flowers) =>
  csvFormat(options).parse([file(options.file, text)]);

const refusal = async (text: string | Uint8Array, options = flowers) => {
  const error: unknown = await parse(text, options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
};

const header = "kind,width,colour,garden\n";

describe("csvFormat", () => {
  it("reads numbers, categories, classes and slices by the names of their columns", async () => {
    const { train, test } = await parse(`${header}lily,1.5,green,north\nrose,-2e1,red,south\n`);
    expect(test).toBeUndefined();
    expect(train).toEqual({
      count: 2,
      inputs: Float32Array.of(1.5, 0, 1, -20, 1, 0),
      labels: Int32Array.of(1, 0),
      slices: { garden: ["north", "south"] },
      originOf: expect.any(Function) as unknown,
    });
    expect(csvFormat(flowers).inputNames).toEqual(["width", "colour=red", "colour=green"]);
  });

  it("reads several values as the label of a regressor", async () => {
    const { train } = await parse("price,rooms,rent\n10,2,0.5\n20,3,\n", prices);
    expect(train).toMatchObject({
      inputs: Float32Array.of(2, 3),
      labels: Float32Array.of(10, 0.5, 20, Number.NaN),
    });
    expect(train.slices).toBeUndefined();
  });

  it("reads the published test split where it is there", async () => {
    const format = csvFormat(flowers);
    expect(format.files).toEqual([
      { name: "flowers.csv", required: true },
      { name: "test.csv", required: false },
    ]);
    const { train, test } = await format.parse([
      file("flowers.csv", `${header}rose,1,red,a\n`),
      file("test.csv", `${header}lily,2,red,b\nlily,3,red,b\n`),
    ]);
    expect([train.count, test?.count]).toEqual([1, 2]);
    expect(test?.originOf?.(1)).toBe("test.csv, line 3");
  });

  it("takes a byte order mark, spaces, quotes, every kind of line end and empty lines", async () => {
    const text =
      '\uFEFF kind , width,colour,garden\r\n\r\n"rose", "1",red,"a ""b"",\nc"\r\n\nlily,2,green,d\rrose,3,red,e';
    const { train } = await parse(text);
    expect([...train.inputs]).toEqual([1, 1, 0, 2, 0, 1, 3, 1, 0]);
    expect(train.slices).toEqual({ garden: ['a "b",\nc', "d", "e"] });
    // The line where the example ends.
    expect([0, 1, 2].map((index) => train.originOf?.(index))).toEqual([
      "flowers.csv, line 4",
      "flowers.csv, line 6",
      "flowers.csv, line 7",
    ]);
  });

  it("takes another delimiter", async () => {
    const { train } = await parse("price;rooms;rent\n1;2;3\n", { ...prices, delimiter: ";" });
    expect([...train.inputs, ...train.labels]).toEqual([2, 1, 3]);
  });

  it("makes NaN of what is missing and leaves what is infinite, for the checks to find", async () => {
    const marks = ["", "?", "NA", "n/a", "nan", "NULL", "None", "inf", "-Infinity"];
    const rows = marks.map((mark) => `rose,${mark},NA,\n`).join("");
    const { train } = await parse(header + rows);
    const widths = Array.from(marks, (_, index) => train.inputs[index * 3]);
    expect(widths).toEqual([...Array.from({ length: 7 }, () => Number.NaN), Infinity, -Infinity]);
    expect(train.inputs.slice(0, 3)).toEqual(Float32Array.of(Number.NaN, Number.NaN, Number.NaN));
    expect(train.slices?.["garden"]).toEqual(marks.map(() => ""));
  });

  it("takes a category that is written like a missing value", async () => {
    const countries: CsvOptions = {
      ...prices,
      features: [{ name: "country", oneHot: ["NA", "DE"] }],
      label: { column: "country", classes: ["DE", "NA"] },
    };
    const { train } = await parse("country\nNA\n", countries);
    expect([...train.inputs, ...train.labels]).toEqual([1, 0, 1]);
  });

  it("reads a file of many chunks whole", async () => {
    const count = 200_000;
    const rows = Array.from({ length: count }, (_, index) => `${index},${index % 7},1`);
    const { train } = await parse(`rooms,price,rent\n${rows.join("\n")}\n`, prices);
    expect(train.count).toBe(count);
    expect(train.inputs).toEqual(Float32Array.from({ length: count }, (_, index) => index));
    expect(train.originOf?.(count - 1)).toBe("prices.csv, line 200001");
  });

  it("refuses a cell that is no number, category or class, and names its line", async () => {
    expect(await refusal(`${header}rose,1,red,a\nrose,wide,red,a\n`)).toBe(
      '/data/flowers.csv, line 3: column "width" is "wide"; expected a number',
    );
    expect(await refusal(`${header}rose,0x10,red,a\n`)).toBe(
      '/data/flowers.csv, line 2: column "width" is "0x10"; expected a number',
    );
    expect(await refusal(`${header}rose,1,blue,a\n`)).toBe(
      '/data/flowers.csv, line 2: column "colour" is "blue"; expected one of red, green',
    );
    expect(await refusal(`${header}oak,1,red,a\n`)).toBe(
      '/data/flowers.csv, line 2: column "kind" is "oak"; expected one of rose, lily',
    );
    expect(await refusal(`${header},1,red,a\n`)).toBe(
      '/data/flowers.csv, line 2: column "kind" is empty; expected one of rose, lily',
    );
  });

  it("refuses a row with more or fewer cells than there are names", async () => {
    const rule = "cells; expected one for each column of the first line";
    expect(await refusal(`${header}rose,1,red\n`)).toBe(`/data/flowers.csv, line 2: 3 ${rule}`);
    expect(await refusal(`${header}rose,1,red,a\nrose,1,red,a,b\n`)).toBe(
      `/data/flowers.csv, line 3: 5 ${rule}`,
    );
  });

  it("refuses a header without a column, or with one twice", async () => {
    expect(await refusal("kind,width,garden\n")).toBe(
      '/data/flowers.csv, line 1: there is no column "colour"; the columns are kind, width, garden',
    );
    expect(await refusal("kind,width,colour,garden,width\n")).toBe(
      '/data/flowers.csv, line 1: the column "width" is there twice; expected once',
    );
  });

  it("refuses quotes that are not paired", async () => {
    expect(await refusal(`${header}rose,1,red,"a\n`)).toMatch(
      /^\/data\/flowers\.csv, line \d: the file ends within a quoted cell; expected a closing "$/,
    );
    expect(await refusal(`${header}rose,1,red,"a"b\n`)).toBe(
      '/data/flowers.csv, line 2: text follows a closing "; expected a delimiter, or "" for a quote',
    );
    expect(await refusal(`${header}rose,1,red,a"b"\n`)).toBe(
      '/data/flowers.csv, line 2: a " is within a cell that is not quoted; quote the cell and double it',
    );
  });

  it("refuses what is empty, without rows, missing, or in another encoding", async () => {
    expect(await refusal("")).toBe("/data/flowers.csv: it is empty; expected a line of names");
    expect(await refusal(header)).toBe("/data/flowers.csv: no examples; expected at least one row");
    expect(await refusal(Buffer.from(`${header}rose,1,red,Köln`, "latin1"))).toBe(
      "/data/flowers.csv: it is not UTF-8; save it in that encoding",
    );
    await expect(csvFormat(flowers).parse([])).rejects.toThrow("flowers.csv: the file is missing");
  });
});

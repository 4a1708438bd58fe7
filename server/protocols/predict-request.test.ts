import type { TensorSpec } from "@updraft/contracts/signature";
import { describe, expect, it } from "vitest";
import { parsePredictRequest } from "./predict-request.ts";

const flower: TensorSpec = {
  name: "x",
  datatype: "FP32",
  shape: [-1, 2],
  features: ["length", "width"],
};

function parse(body: unknown) {
  return parsePredictRequest(Buffer.from(JSON.stringify(body)), flower);
}

describe("the column form of an input whose values have names", () => {
  const batch = { values: Float32Array.of(1, 2, 3, 4), size: 2 };

  it("takes a column for each of them, or all under the input's name", () => {
    expect(parse({ inputs: { width: [2, 4], length: [1, 3] } })).toEqual({ batch, form: "column" });
    const rows = [
      [1, 2],
      [3, 4],
    ];
    expect(parse({ inputs: { x: rows } })).toEqual({ batch, form: "column" });
  });

  it("takes single values for one instance", () => {
    expect(parse({ inputs: { length: 1, width: 2 } }).batch).toEqual({
      values: Float32Array.of(1, 2),
      size: 1,
    });
  });

  it("refuses columns of several lengths, and without one of them", () => {
    expect(() => parse({ inputs: { length: [1, 3], width: [2] } })).toThrow(
      "the columns have 2, 1 values; expected as many in each",
    );
    expect(() => parse({ inputs: { length: [1, 3] } })).toThrow(
      'expected the one input "x", or its columns length, width, got length',
    );
  });
});

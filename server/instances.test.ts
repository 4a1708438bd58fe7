import type { TensorSpec } from "@updraft/contracts/signature";
import { describe, expect, it } from "vitest";
import { describeInput, parseInstances } from "./instances.ts";

const open: TensorSpec = { name: "x", datatype: "FP32", shape: [-1, 2] };

describe("parseInstances", () => {
  it("takes any number where the signature gives no range", () => {
    expect(parseInstances([[-1e30, 1e30]], open)).toEqual({
      values: Float32Array.of(-1e30, 1e30),
      size: 1,
    });
  });

  it.each(["1e999", "1e300", "-1e39"])("refuses %s, which float32 cannot hold", (number) => {
    expect(() => parseInstances(JSON.parse(`[[1, ${number}]]`), open)).toThrow(
      /value 1 of instance 0 is -?Infinity; expected "x": 2 numbers of shape \[2\]/,
    );
  });
});

describe("describeInput", () => {
  it("names shape and range", () => {
    expect(describeInput({ ...open, range: { min: 0, max: 1 } })).toBe(
      '"x": 2 numbers of shape [2], each from 0 to 1',
    );
  });
});

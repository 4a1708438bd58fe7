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

const flower: TensorSpec = { ...open, features: ["length", "width"] };

describe("parseInstances of an input whose values have names", () => {
  it("takes them by name, in any order, beside those without", () => {
    expect(parseInstances([{ width: 2, length: 1 }, [3, 4], { x: [5, 6] }], flower)).toEqual({
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
      size: 3,
    });
  });

  it.each([
    [{ width: 2 }, "got width"],
    [{ width: 2, length: 1, colour: 3 }, "got width, length, colour"],
    [{ width: 2, height: 1 }, "got width, height"],
  ])("refuses %j", (instance, got) => {
    expect(() => parseInstances([instance], flower)).toThrow(
      `expected the one input "x", or its columns length, width, ${got}`,
    );
  });
});

describe("describeInput", () => {
  it("names the values that have names", () => {
    expect(describeInput(flower)).toBe('"x": 2 numbers of shape [2] (length, width)');
  });

  it("names shape and range", () => {
    expect(describeInput({ ...open, range: { min: 0, max: 1 } })).toBe(
      '"x": 2 numbers of shape [2], each from 0 to 1',
    );
  });
});

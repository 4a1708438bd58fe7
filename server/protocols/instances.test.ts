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

const pixels: TensorSpec = { ...open, range: { min: 0, max: 255 } };
const base64 = (...bytes: number[]) => ({ b64: Buffer.from(bytes).toString("base64") });

describe("parseInstances of bytes", () => {
  it("takes them as base64 where values are bytes, beside lists and under the input's name", () => {
    expect(parseInstances([base64(0, 255), [3, 4], { x: base64(5, 6) }], pixels)).toEqual({
      values: Float32Array.of(0, 255, 3, 4, 5, 6),
      size: 3,
    });
  });

  it.each([
    [pixels, base64(1), '"b64" has 1 bytes; expected 2, one for each value of "x"; an image'],
    [pixels, base64(1, 2, 3), '"b64" has 3 bytes; expected 2'],
    [pixels, { b64: "AQI" }, '"b64" is no base64; expected the 2 bytes of "x"'],
    [pixels, { b64: "A-_=" }, '"b64" is no base64'],
    [pixels, { b64: 5 }, '"b64" is no base64'],
    [pixels, [base64(1), base64(2)], "expected numbers, got object"],
    [
      open,
      base64(1, 2),
      '"b64" gives bytes, from 0 to 255, and "x" takes any numbers; send a list',
    ],
    [{ ...open, range: { min: 0, max: 1 } }, base64(1, 2), '"x" takes numbers from 0 to 1'],
  ])("refuses what the input cannot take: %j %j", (input, instance, message) => {
    expect(() => parseInstances([instance], input)).toThrow(message);
  });

  it("leaves the name to an input that is called so", () => {
    const named: TensorSpec = { ...open, name: "b64" };
    expect(parseInstances([{ b64: [1, 2] }], named).values).toEqual(Float32Array.of(1, 2));
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

import { describe, expect, it } from "vitest";
import { binaryValues, jsonValues } from "./tensor-values.ts";

const head = (datatype: string, shape: readonly number[] = [1, 3]) => ({
  name: "x",
  datatype,
  shape,
});

describe("jsonValues", () => {
  const shape = [2, 2, 1];

  it("takes one flat list, or lists nested as the shape is", () => {
    const values = Float32Array.of(1, 2, 3, 4);
    expect(jsonValues([1, 2, 3, 4], head("FP32", shape))).toEqual(values);
    const nested = [
      [[1], [2]],
      [[3], [4]],
    ];
    expect(jsonValues(nested, head("FP32", shape))).toEqual(values);
    expect(jsonValues([1, 2], head("FP32", [2]))).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    ["BOOL", [true, false, true], [1, 0, 1]],
    ["UINT8", [0, 1, 255], [0, 1, 255]],
    ["UINT16", [0, 1, 65535], [0, 1, 65535]],
    ["UINT32", [0, 1, 2 ** 31], [0, 1, 2 ** 31]],
    ["UINT64", [0, 1, 2 ** 52], [0, 1, 2 ** 52]],
    ["INT8", [-128, -1, 127], [-128, -1, 127]],
    ["INT16", [-32768, -1, 32767], [-32768, -1, 32767]],
    ["INT32", [-(2 ** 31), -1, 16777216], [-(2 ** 31), -1, 16777216]],
    ["INT64", [-(2 ** 52), -1, 5], [-(2 ** 52), -1, 5]],
    ["FP32", [0.5, -1e30, 3], [0.5, -1e30, 3]],
    ["FP64", [0.1, -1, 3], [Math.fround(0.1), -1, 3]],
  ])("takes %s", (datatype, data, values) => {
    expect(jsonValues(data, head(datatype))).toEqual(Float32Array.from(values));
  });

  it.each<[string, unknown, string]>([
    [
      "FP32",
      [1, 2],
      '"data" of "x" has a list of 2 where a list of 3 is expected, as its shape [1, 3] says',
    ],
    ["FP32", [[1, 2]], "has a list of 2 where a list of 3"],
    ["FP32", [[1, 2, 3], [4]], "has a list of 2 where a list of 1"],
    ["FP32", [1, 2, [3]], "expected a number for each value, got a list"],
    ["FP32", [[1, 2, "3"]], "expected a number for each value, got string"],
    ["FP32", [1, 2, null], "expected a number for each value, got null"],
    ["FP32", [1, 2, true], "expected a number for each value, got boolean"],
    ["FP32", undefined, "has undefined where a list of 3"],
    ["FP32", { length: 3 }, "has object where a list of 3"],
    ["BOOL", [1, 0, 1], "expected a boolean for each value, got number"],
    ["UINT8", [1, 2, 256], '"x" is UINT8, and 256 is not from 0 to 255'],
    ["UINT8", [1, 2, -1], "-1 is not from 0 to 255"],
    ["INT8", [1, 2, 1.5], "1.5 is no whole number"],
    ["INT32", [1, 2, 16777217], "16777217 has no float32 of the same value"],
    ["INT64", [1, 2, 2 ** 53], "9007199254740992 has no float32 of the same value"],
    ["FP16", [1, 2, 3], '"x" is FP16, which JSON does not have; send it as a binary tensor'],
    ["BYTES", ["a", "b", "c"], '"datatype" of "x" is "BYTES"; expected one of BOOL, UINT8, '],
    ["constructor", [1, 2, 3], '"datatype" of "x" is "constructor"; expected one of'],
  ])("refuses %s with data %j", (datatype, data, message) => {
    expect(() => jsonValues(data, head(datatype))).toThrow(message);
  });
});

describe("binaryValues", () => {
  it("looks at aligned float32 where it lies, and copies what is not aligned", () => {
    const body = Buffer.alloc(16);
    const floats = Buffer.from(Float32Array.of(1, 2, 3).buffer);
    const [aligned, shifted] = [body.subarray(4), Buffer.alloc(13).subarray(1)];
    floats.copy(aligned);
    floats.copy(shifted);
    const values = binaryValues(aligned, head("FP32"));
    expect(values).toEqual(Float32Array.of(1, 2, 3));
    expect(values.buffer).toBe(body.buffer);
    expect(binaryValues(shifted, head("FP32"))).toEqual(Float32Array.of(1, 2, 3));
  });

  it.each([
    ["BOOL", Uint8Array.of(1, 0, 1), [1, 0, 1]],
    ["UINT8", Uint8Array.of(1, 2, 255), [1, 2, 255]],
    ["UINT16", Uint16Array.of(1, 2, 65535), [1, 2, 65535]],
    ["UINT32", Uint32Array.of(1, 2, 2 ** 31), [1, 2, 2 ** 31]],
    ["UINT64", BigUint64Array.of(1n, 2n, 3n), [1, 2, 3]],
    ["INT8", Int8Array.of(1, 2, -128), [1, 2, -128]],
    ["INT16", Int16Array.of(1, 2, -32768), [1, 2, -32768]],
    ["INT32", Int32Array.of(1, 2, -(2 ** 31)), [1, 2, -(2 ** 31)]],
    ["INT64", BigInt64Array.of(1n, 2n, -3n), [1, 2, -3]],
    ["FP16", Uint16Array.of(0x3c00, 0xc000, 0x3555), [1, -2, 0.333251953125]],
    ["FP64", Float64Array.of(1, 2, 0.1), [1, 2, Math.fround(0.1)]],
  ])("takes %s", (datatype, sent, values) => {
    const bytes = Buffer.from(sent.buffer);
    expect(binaryValues(bytes, head(datatype))).toEqual(Float32Array.from(values));
  });

  it.each([
    ["FP32", Float32Array.of(1, 2), '"x" has 8 bytes; expected 12, as FP32 of shape [1, 3] has'],
    ["UINT8", Uint8Array.of(1, 2, 3, 4), "has 4 bytes; expected 3"],
    ["BOOL", Uint8Array.of(1, 0, 2), '"x" is BOOL, and 2 is not from 0 to 1'],
    ["INT64", BigInt64Array.of(1n, 2n, 2n ** 53n + 1n), "has no float32 of the same value"],
    ["BYTES", Uint8Array.of(1, 2, 3), '"datatype" of "x" is "BYTES"; expected one of'],
  ])("refuses bytes that are no %s of this shape", (datatype, sent, message) => {
    expect(() => binaryValues(Buffer.from(sent.buffer), head(datatype))).toThrow(message);
  });
});

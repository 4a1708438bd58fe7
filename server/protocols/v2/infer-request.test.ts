import type { TensorSpec } from "@updraft/contracts/signature";
import { describe, expect, it } from "vitest";
import { parseInferRequest } from "./infer-request.ts";

const input: TensorSpec = {
  name: "x",
  datatype: "FP32",
  shape: [-1, 2],
  range: { min: 0, max: 10 },
};
const output: TensorSpec = { name: "y", datatype: "FP32", shape: [-1, 3] };

const parse = (body: string | Buffer, jsonLength?: string) =>
  parseInferRequest(Buffer.from(body), jsonLength, { input, output });

const tensor = { name: "x", shape: [2, 2], datatype: "FP32", data: [1, 2, 3, 4] };
const withInput = (changes: object) => JSON.stringify({ inputs: [{ ...tensor, ...changes }] });
const batch = { values: Float32Array.of(1, 2, 3, 4), size: 2 };

/** JSON with float32 tensors behind it. */
function binary(size: unknown, values: readonly number[], more: object = {}) {
  const { data: _data, ...head } = { ...tensor, parameters: { binary_data_size: size } };
  const json = Buffer.from(JSON.stringify({ inputs: [{ ...head, ...more }] }));
  const body = Buffer.concat([json, Buffer.from(Float32Array.from(values).buffer)]);
  return { body, length: String(json.length) };
}

/** Whether a request with these wishes wants its output as bytes. */
const wantsBytes = (wishes: object) =>
  parse(JSON.stringify({ inputs: [tensor], ...wishes })).outputs[0]?.isBinary;
const named = (binary_data: boolean) => [{ name: "y", parameters: { binary_data } }];

describe("parseInferRequest", () => {
  it("reads the batch, and wants all outputs as JSON where nothing is said", () => {
    expect(parse(withInput({}))).toEqual({
      id: undefined,
      batch,
      outputs: [{ spec: output, isBinary: false }],
    });
  });

  it("takes null for what is not given, and what it does not know", () => {
    const request = { id: null, parameters: null, outputs: null, model_name: "m", other: [1] };
    const inputs = [{ ...tensor, parameters: { content_type: "np", headers: {} } }];
    expect(parse(JSON.stringify({ ...request, inputs })).batch).toEqual(batch);
    expect(parse(withInput({ parameters: null })).batch).toEqual(batch);
  });

  it("reads a tensor behind the JSON", () => {
    const { body, length } = binary(16, [1, 2, 3, 4]);
    expect(parse(body, length).batch).toEqual(batch);
  });

  it("lets an output's own wish be stronger than the request's", () => {
    const parameters = { binary_data_output: true };
    expect(wantsBytes({ parameters })).toBe(true);
    expect(wantsBytes({ parameters, outputs: [{ name: "y" }] })).toBe(true);
    expect(wantsBytes({ parameters, outputs: named(false) })).toBe(false);
    expect(wantsBytes({ outputs: named(true) })).toBe(true);
  });

  it.each([
    ["", "the body is empty; expected a JSON object such as"],
    ["{", "the body is not JSON"],
    ["[]", 'expected a JSON object such as {"inputs": [{"name": "x", "shape": [1, 2]'],
    ["{}", '"inputs" is no list'],
    ['{"__proto__":{"inputs":[]}}', '"inputs" is no list'],
    ['{"inputs":[]}', 'expected one tensor in "inputs", got 0'],
    ['{"inputs":[null]}', 'expected one tensor in "inputs", got 1'],
    [JSON.stringify({ inputs: [tensor, tensor] }), 'expected one tensor in "inputs", got 2'],
    [`{"id":1,"inputs":[]}`, '"id" is of type number; expected a string'],
    [withInput({ name: "z" }), 'the input\'s name is "z"; expected "x"'],
    [withInput({ name: undefined }), "the input's name is missing"],
    ['{"inputs":[{"__proto__":{"name":"x"}}]}', "the input's name is missing"],
    [withInput({ datatype: 32 }), '"datatype" of "x" is 32; expected a name such as "FP32"'],
    [withInput({ shape: undefined }), '"shape" of "x" is missing; expected [n, 2]'],
    [withInput({ shape: [-2, 2] }), '"shape" of "x" is [-2, 2]; expected [n, 2]'],
    [withInput({ shape: [-2, -2] }), '"shape" of "x" is [-2, -2]'],
    [withInput({ shape: [0, 2] }), "with at least one instance"],
    [withInput({ shape: [1.5, 2] }), '"shape" of "x" is [1.5, 2]'],
    [withInput({ shape: ["2", 2] }), '"shape" of "x" is ["2", 2]'],
    [withInput({ shape: [4] }), '"shape" of "x" is [4]'],
    [withInput({ shape: { length: 2 } }), '"shape" of "x" is {…}'],
    [withInput({ shape: [1e300, 2] }), "expected at most 1024 instances, got 1e+300"],
    [withInput({ shape: [3, 2] }), "has a list of 4 where a list of 6 is expected"],
    [withInput({ data: undefined }), "has undefined where a list of 4"],
    [withInput({ data: [1, 2, 3, 11] }), 'value 1 of instance 1 is 11; expected "x": 2 numbers'],
    [`{"inputs":[${withInput({}).slice(11, -2).replace("4]", "NaN]")}]}`, "the body is not JSON"],
    [withInput({}).replace("4]", "1e999]"), "value 1 of instance 1 is Infinity"],
    [withInput({ parameters: 5 }), '"parameters" of "x" is 5; expected an object'],
    [withInput({ parameters: { shared_memory_region: "r" } }), '"x" is in shared memory'],
    [withInput({ parameters: { binary_data_size: 16 } }), '"x" has "data" and "binary_data_size"'],
    [JSON.stringify({ inputs: [tensor], parameters: [] }), '"parameters" of the request is []'],
    [
      JSON.stringify({ inputs: [tensor], parameters: { binary_data_output: "yes" } }),
      '"binary_data_output" is "yes"; expected true or false',
    ],
    [JSON.stringify({ inputs: [tensor], outputs: {} }), '"outputs" is no list'],
    [
      JSON.stringify({ inputs: [tensor], outputs: [{ name: "z" }] }),
      'the name of a wanted output is "z"; expected "y"',
    ],
    [
      JSON.stringify({ inputs: [tensor], outputs: [{ name: "y" }, { name: "y" }] }),
      'expected at most 1 in "outputs", got 2',
    ],
    [
      JSON.stringify({
        inputs: [tensor],
        outputs: [{ name: "y", parameters: { classification: 2 } }],
      }),
      'this server has no "classification" of outputs',
    ],
  ])("refuses %.90s", (body, message) => {
    expect(() => parse(body)).toThrow(message);
  });

  it("does not fall over what is nested very deeply, or very long", () => {
    const deep = `${"[".repeat(50_000)}1${"]".repeat(50_000)}`;
    for (const key of ["name", "shape", "datatype", "data"]) {
      const body = withInput({ [key]: "here" }).replace('"here"', deep);
      expect(() => parse(body)).toThrow(/expected/);
    }
    const long = "n".repeat(1_000_000);
    expect(() => parse(withInput({ name: long }))).toThrow(/^.{1,200}$/);
    expect(() => parse(withInput({ datatype: long }))).toThrow(/^.{1,300}$/);
  });

  it.each(["-1", "0", "1.5", "1e2", "abc", "", "0x10", " 5", "5, 5", "99999", "9".repeat(400)])(
    "refuses %.20j as the length of the JSON",
    (length) => {
      expect(() => parse(binary(16, [1, 2, 3, 4]).body, length)).toThrow(
        /^Inference-Header-Content-Length is ".{0,40}"; expected how many of the body's \d+ bytes are its JSON$/,
      );
    },
  );

  it("refuses lengths that do not end where the JSON ends", () => {
    const { body, length } = binary(16, [1, 2, 3, 4]);
    expect(() => parse(body, String(Number(length) - 1))).toThrow("the body is not JSON");
    expect(() => parse(body, String(Number(length) + 1))).toThrow("the body is not JSON");
  });

  it.each([
    [17, "is 17; 16 bytes follow the JSON"],
    [-16, "is -16; 16 bytes follow"],
    ["16", 'is "16"; 16 bytes follow'],
    [15.5, "is 15.5; 16 bytes follow"],
    [undefined, 'there are 16 bytes behind the JSON; expected "binary_data_size"'],
  ])("refuses a tensor that says its size is %j", (size, message) => {
    const { body, length } = binary(size, [1, 2, 3, 4]);
    expect(() => parse(body, length)).toThrow(message);
  });

  it("refuses binary values that are no numbers, and bytes that are too few", () => {
    const odd = binary(16, [1, 2, 3, Number.NaN]);
    expect(() => parse(odd.body, odd.length)).toThrow("value 1 of instance 1 is NaN; expected");
    const few = binary(8, [1, 2]);
    expect(() => parse(few.body, few.length)).toThrow('"x" has 8 bytes; expected 16');
  });
});

import { describe, expect, it } from "vitest";
import { instanceLength, Signature, TensorSpec } from "./signature.ts";

const image = {
  name: "image",
  datatype: "FP32",
  shape: [-1, 2, 2, 1],
  range: { min: 0, max: 255 },
};
const probabilities = {
  name: "probabilities",
  datatype: "FP32",
  shape: [-1, 2],
  labels: ["a", "b"],
};
const signature = {
  inputs: [image],
  outputs: [probabilities],
  example: { inputs: { image: [0, 1, 2, 3] }, outputs: { probabilities: [0.25, 0.75] } },
};

function problems(value: unknown): string[] {
  const result = Signature.safeParse(value);
  return result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

describe("Signature", () => {
  it("takes inputs, outputs and an example that fits them", () => {
    expect(problems(signature)).toEqual([]);
  });

  it("names the tensor whose example has another length", () => {
    const example = { ...signature.example, inputs: { image: [0, 1, 2] } };
    expect(problems({ ...signature, example })).toEqual([
      "example.inputs.image: expected 4 values for shape [-1, 2, 2, 1], got 3",
    ]);
  });

  it("names the tensor that has no example", () => {
    const example = { ...signature.example, outputs: {} };
    expect(problems({ ...signature, example })).toEqual([
      "example.outputs.probabilities: expected 2 values for shape [-1, 2], got none",
    ]);
  });

  it("refuses members that it does not know", () => {
    expect(problems({ ...signature, extra: 1 })).toEqual([': Unrecognized key: "extra"']);
  });
});

describe("TensorSpec", () => {
  it.each([[[]], [[28, 28]], [[-1, 0]], [[-1, -1]], [[-1, 1.5]]])(
    "refuses the shape %j, which has no batch in front or no size",
    (shape) => {
      expect(TensorSpec.safeParse({ ...image, shape }).success).toBe(false);
    },
  );
});

describe("TensorSpec with labels and range", () => {
  it("refuses a range that is none", () => {
    expect(TensorSpec.safeParse({ ...image, range: { min: 1, max: 1 } }).success).toBe(false);
  });

  it("refuses labels that are not as many as the classes", () => {
    const result = TensorSpec.safeParse({ ...probabilities, labels: ["a"] });
    expect(result.error?.issues.map(({ path, message }) => [path, message])).toEqual([
      [["labels"], "expected one label for each value of the last dimension"],
    ]);
  });
});

describe("TensorSpec with names of features", () => {
  it("takes one for each value of an instance", () => {
    const features = ["top left", "top right", "bottom left", "bottom right"];
    expect(TensorSpec.safeParse({ ...image, features }).success).toBe(true);
    const result = TensorSpec.safeParse({ ...image, features: features.slice(1) });
    expect(result.error?.issues.map(({ path, message }) => [path, message])).toEqual([
      [["features"], "expected one name for each value of an instance"],
    ]);
  });
});

describe("instanceLength", () => {
  it("is the product of the sizes without the batch", () => {
    expect(instanceLength({ shape: [-1, 28, 28, 1] })).toBe(784);
    expect(instanceLength({ shape: [-1] })).toBe(1);
  });
});

import { expect, it } from "vitest";
import { explainMemory, OutOfMemoryError } from "./out-of-memory.ts";

function allocateTooMuch(): unknown {
  try {
    return new Float32Array(1e12);
  } catch (error) {
    return explainMemory(error, 64);
  }
}

it("names batchSize where the engine has no memory left", () => {
  // As tfjs-node 4.22 says it, after TensorFlow has tried for ten seconds.
  const said =
    "Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[100000000,1000000] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu";
  const error = explainMemory(new Error(said), 64);
  expect(error).toBeInstanceOf(OutOfMemoryError);
  expect(String(error)).toMatch(
    /^OutOfMemoryError: there is not enough memory to train: Invalid TF_Status: 8 Message: OOM when allocating .* by allocator mklcpu; lower batchSize, which is 64, or make the network smaller, or give the trainer more memory$/,
  );
});

it("names it where Node has no memory left", () => {
  expect(allocateTooMuch()).toEqual(
    new OutOfMemoryError(
      "there is not enough memory to train: Array buffer allocation failed; lower batchSize, which is 64, or make the network smaller, or give the trainer more memory",
    ),
  );
});

it("leaves other errors as they are", () => {
  const other = new RangeError("toFixed() digits argument must be between 0 and 100");
  expect(explainMemory(other, 64)).toBe(other);
});

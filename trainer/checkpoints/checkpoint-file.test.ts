import { digestOf } from "@updraft/contracts/digest";
import { describe, expect, it } from "vitest";
import { someCheckpoint } from "../fixtures/some-checkpoint.ts";
import { CheckpointError, decodeCheckpoint, encodeCheckpoint, savedAt } from "./checkpoint-file.ts";

const key = digestOf("a training");

describe("a checkpoint as a file", () => {
  it("gives back what was written, to the bit", () => {
    const checkpoint = someCheckpoint(key, 3);
    const back = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(back).toEqual(checkpoint);
    const values = back.state.tensors[0]?.values;
    expect(Object.is(values?.[1], -0)).toBe(true);
  });

  it("is read from the middle of a larger buffer", () => {
    const checkpoint = someCheckpoint(key, 1);
    const bytes = encodeCheckpoint(checkpoint);
    const larger = Buffer.concat([Buffer.of(1), bytes, Buffer.of(2)]);
    expect(decodeCheckpoint(larger.subarray(1, -1))).toEqual(checkpoint);
  });

  it("is refused wherever a single byte is another one", () => {
    const bytes = encodeCheckpoint(someCheckpoint(key, 1));
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => decodeCheckpoint(changed), `byte ${index}`).toThrow(CheckpointError);
    }
  });

  it("is refused wherever it is torn off", () => {
    const bytes = encodeCheckpoint(someCheckpoint(key, 1));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(CheckpointError);
    }
  });

  it("says what is wrong with it", () => {
    expect(() => decodeCheckpoint(Buffer.alloc(100))).toThrow(
      "it is no checkpoint of this trainer",
    );
    const torn = encodeCheckpoint(someCheckpoint(key, 1)).subarray(0, -1);
    expect(() => decodeCheckpoint(torn)).toThrow(
      "its checksum is not that of its content: it is torn, or was changed",
    );
  });

  it("says when it was saved without being read as a whole", async () => {
    const bytes = Buffer.from(encodeCheckpoint(someCheckpoint(key, 1)));
    let most = 0;
    const time = await savedAt(async (start, end) => {
      most = Math.max(most, end);
      return bytes.subarray(start, end + 1);
    });
    expect(time).toBe(Date.parse("2026-07-14T09:35:01.000Z"));
    expect(most).toBeLessThan(bytes.length - 1);
    await expect(savedAt(async () => Buffer.alloc(0))).rejects.toThrow(CheckpointError);
  });
});

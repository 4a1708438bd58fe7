import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { distort } from "./distort.ts";

/** A bar of two columns in the middle, 255 on 0. */
function bar(): Uint8Array {
  const image = new Uint8Array(784);
  for (let row = 6; row < 22; row += 1) image.fill(255, row * 28 + 13, row * 28 + 15);
  return image;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe("distort", () => {
  it("copies the image at strength 0", () => {
    const target = new Float32Array(784).fill(7);
    distort(bar(), target, Math.random, 0);
    expect(target).toEqual(Float32Array.from(bar()));
  });

  it("keeps the image where it is when chance is in the middle", () => {
    const target = new Float32Array(784);
    distort(bar(), target, () => 0.5, 1);
    expect(target).toEqual(Float32Array.from(bar()));
  });

  it("writes every pixel, between black and white, and keeps most of the ink", () => {
    let state = 1;
    const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 50; round += 1) {
      const target = new Float32Array(784).fill(Number.NaN);
      distort(bar(), target, random, 1);
      expect(target.every((value) => value >= 0 && value <= 255)).toBe(true);
      expect(sum(target) / sum(bar())).toBeGreaterThan(0.6);
      expect(sum(target) / sum(bar())).toBeLessThan(1.6);
    }
  });

  it("writes the same bytes that released models were trained with", () => {
    const source = Uint8Array.from({ length: 784 }, (_, at) => (at * 37 + (at % 28) * 11) % 256);
    const target = new Float32Array(784);
    const hash = createHash("sha256");
    let state = 1;
    const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (const strength of [0, 0.5, 1, 3]) {
      for (let round = 0; round < 50; round += 1) {
        distort(source, target, random, strength);
        hash.update(target);
      }
    }
    expect(hash.digest("hex")).toBe(
      "ef8b1643bc05f4f9ccd252f2d7139088d7bf0a07360b643180e5b174e90aa50a",
    );
  });

  it("draws the same from the same chance", () => {
    const draw = () => {
      const values = [0.1, 0.9, 0.3, 0.7, 0.2];
      let index = 0;
      const target = new Float32Array(784);
      distort(bar(), target, () => values[index++ % values.length] ?? 0, 1);
      return target;
    };
    expect(draw()).toEqual(draw());
    expect(draw()).not.toEqual(Float32Array.from(bar()));
  });
});

import { describe, expect, it } from "vitest";
import { type GreyImage, inkOf, isLightOnDark } from "./digit-ink.ts";

/** An image of 4 by 4 with a rim of one value and four pixels inside. */
function image(rim: number, inside: readonly number[], alpha: readonly number[] = []): GreyImage {
  const [a = rim, b = rim, c = rim, d = rim] = inside;
  const grey = [rim, rim, rim, rim, rim, a, b, rim, rim, c, d, rim, rim, rim, rim, rim];
  return {
    width: 4,
    height: 4,
    grey: Uint8Array.from(grey),
    alpha: Uint8Array.from(grey, (_, index) => alpha[index] ?? 255),
  };
}

const inside = (ink: Uint8Array | undefined) => [5, 6, 9, 10].map((index) => ink?.[index]);

describe("inkOf", () => {
  it("finds the same ink dark on light and light on dark", () => {
    expect(inside(inkOf(image(255, [0, 255, 128, 255])))).toEqual([255, 0, 84, 0]);
    expect(inside(inkOf(image(0, [255, 0, 127, 0])))).toEqual([255, 0, 84, 0]);
  });

  it("takes grey paper for paper, its grain for none, and pale ink for ink", () => {
    expect(inside(inkOf(image(200, [100, 176, 210, 150])))).toEqual([255, 0, 0, 85]);
  });

  it("takes what is opaque where the rim is transparent, whatever its colour", () => {
    const alpha = Array.from({ length: 16 }, (_, index) => (index === 5 ? 200 : 0));
    expect(inside(inkOf(image(0, [0, 0, 0, 0], alpha)))).toEqual([200, 0, 0, 0]);
    expect(inside(inkOf(image(255, [255, 0, 0, 0], alpha)))).toEqual([200, 0, 0, 0]);
  });

  it.each([
    ["white", image(255, [])],
    ["black", image(0, [])],
    ["nearly white", image(255, [230, 240, 250, 255])],
    [
      "transparent",
      image(
        0,
        [],
        Array.from({ length: 16 }, () => 0),
      ),
    ],
  ])("finds none on paper that is %s", (_, empty) => {
    expect(inkOf(empty)).toBeUndefined();
  });
});

describe("isLightOnDark", () => {
  it("is so of MNIST's own, and of nothing on light paper or with holes", () => {
    expect(isLightOnDark(image(0, [255]))).toBe(true);
    expect(isLightOnDark(image(255, [0]))).toBe(false);
    expect(isLightOnDark(image(0, [255], [254]))).toBe(false);
  });
});

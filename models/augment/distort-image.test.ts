import { describe, expect, it } from "vitest";
import { distortImage, type DistortionLimits, type ImageForm } from "./distort-image.ts";

const none: DistortionLimits = { rotation: 0, scale: 0, stretch: 0, shear: 0, shift: 0, bend: 0 };
/** Draws half of every limit, to the positive side. */
const half = () => 0.75;

/** Three rows of five pixels of two values each, all different and above 0. */
const form: ImageForm = { rows: 3, columns: 5, channels: 2 };
const image = Uint8Array.from({ length: 30 }, (_, index) => index + 1);

function distorted(
  limits: Partial<DistortionLimits>,
  size = form,
  source: Uint8Array | Float32Array = image,
) {
  const target = new Float32Array(source.length).fill(Number.NaN);
  distortImage(source, target, half, size, { ...none, ...limits });
  return target;
}

/** The first value of each pixel, row by row. */
const firstValues = (values: Float32Array) =>
  [0, 1, 2].map((row) =>
    [...values.subarray(row * 10, row * 10 + 10)].filter((_, at) => at % 2 === 0),
  );

describe("distortImage", () => {
  it("copies the image at strength 0, whatever the limits are", () => {
    const target = new Float32Array(30);
    distortImage(image, target, half, form, { ...none, shift: 2, bend: 1 }, 0);
    expect(target).toEqual(Float32Array.from(image));
  });

  it("moves all values of a pixel together, and fills in what comes from outside", () => {
    const moved = distorted({ shift: 2 }, { ...form, outside: 99 });
    expect(firstValues(moved)).toEqual([
      [13, 15, 17, 99, 99],
      [99, 99, 99, 99, 99],
      [99, 99, 99, 99, 99],
    ]);
    expect([...moved.subarray(0, 4)]).toEqual([13, 14, 15, 16]);
  });

  it("interpolates between pixels", () => {
    expect(firstValues(distorted({ shift: 1 }))[0]).toEqual([7, 9, 11, 13, 0]);
  });

  it("turns around the centre", () => {
    const size = { rows: 5, columns: 5 };
    const source = Float32Array.from({ length: 25 }, (_, index) => (index === 7 ? 1 : 0));
    // A quarter: what was above the centre is beside it.
    const turned = distorted({ rotation: Math.PI }, size, source);
    expect([...turned].map((value) => Math.round(value * 1e6) / 1e6)).toEqual(
      Array.from({ length: 25 }, (_, index) => (index === 11 ? 1 : 0)),
    );
  });

  it("scales and shears around the centre", () => {
    const size = { rows: 5, columns: 5 };
    const ramp = Float32Array.from({ length: 25 }, (_, index) => 10 + (index % 5));
    // Twice as far from the centre: the middle row reads columns -2, 0, 2, 4 and 6.
    const scaled = distorted({ scale: 2 }, size, ramp);
    expect([...scaled.subarray(10, 15)]).toEqual([0, 10, 12, 0, 0]);
    const sheared = distorted({ shear: 2 }, size, ramp);
    expect([...sheared.subarray(5, 10)]).toEqual([0, 10, 11, 12, 13]);
    expect([...sheared.subarray(15, 20)]).toEqual([11, 12, 13, 0, 0]);
  });

  it("bends along a grid of displacements", () => {
    // Every knot is moved by the same half pixel: as if all was shifted.
    expect(distorted({ bend: 1, knots: 3 })).toEqual(distorted({ shift: 1 }));
    const draws = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5].values();
    const bent = new Float32Array(16);
    const ramp = Float32Array.from({ length: 16 }, (_, index) => 10 + (index % 4));
    const limits = { ...none, bend: 1, knots: 2 };
    distortImage(ramp, bent, () => draws.next().value ?? 0.5, { rows: 4, columns: 4 }, limits);
    // Only the upper left knot moves, to the right: the less, the farther from it.
    expect([...bent.subarray(0, 4)]).toEqual([11, 11.75, 12.5, 0]);
    expect([...bent.subarray(4, 8)]).toEqual([10.75, 11.5625, 12.375, 0]);
  });
});

import { describe, expect, it } from "vitest";
import { prepareDrawing } from "./page/prepare-drawing.js";

const side = 280;

/**
 * A drawing with ink where a rule says so.
 * @param {(x: number, y: number) => boolean} isInk
 */
function drawing(isInk) {
  return Uint8Array.from({ length: side * side }, (_, index) =>
    isInk(index % side, Math.floor(index / side)) ? 255 : 0,
  );
}

/** @param {readonly number[]} image */
function boxOf(image) {
  const inked = image.flatMap((value, index) => (value > 0 ? [index] : []));
  const columns = inked.map((index) => index % 28);
  const rows = inked.map((index) => Math.floor(index / 28));
  return {
    left: Math.min(...columns),
    top: Math.min(...rows),
    width: Math.max(...columns) - Math.min(...columns) + 1,
    height: Math.max(...rows) - Math.min(...rows) + 1,
  };
}

/** @param {Uint8Array} ink */
const prepared = (ink) => prepareDrawing(ink, side, side) ?? [];

describe("prepareDrawing", () => {
  it("finds nothing in an empty drawing", () => {
    expect(
      prepareDrawing(
        drawing(() => false),
        side,
        side,
      ),
    ).toBeUndefined();
  });

  it("scales the ink into 20 by 20 and keeps its proportions", () => {
    const bar = prepared(drawing((x, y) => x >= 20 && x < 60 && y >= 30 && y < 230));
    expect(boxOf(bar)).toEqual({ left: 12, top: 4, width: 4, height: 20 });
    expect(new Set(bar)).toEqual(new Set([0, 255]));
  });

  it("gives the same image wherever the ink was and however large", () => {
    const large = prepared(drawing((x, y) => x < 200 && y < 200 && x >= y));
    const small = prepared(
      drawing((x, y) => x >= 150 && x < 250 && y >= 150 && y < 250 && x - 150 >= y - 150),
    );
    const differences = large.map((value, index) => Math.abs(value - (small[index] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(16);
  });

  it("puts the centre of mass, not of the box, into the middle", () => {
    // A thick bar with a thin foot: its mass lies left of the middle of its box.
    const image = prepared(
      drawing(
        (x, y) => (x >= 100 && x < 140 && y < 200) || (y >= 180 && y < 200 && x >= 100 && x < 200),
      ),
    );
    const mass = image.reduce((sum, value) => sum + value, 0);
    const x = image.reduce((sum, value, index) => sum + value * ((index % 28) + 0.5), 0) / mass;
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(boxOf(image).width).toBe(10);
  });

  it("makes a dot as large as the box, as MNIST would", () => {
    expect(boxOf(prepared(drawing((x, y) => x === 7 && y === 9)))).toEqual({
      left: 4,
      top: 4,
      width: 20,
      height: 20,
    });
  });

  it("loses no ink of a drawing at the rim", () => {
    const image = prepared(drawing((x, y) => x === 0 || y === side - 1));
    expect(boxOf(image)).toMatchObject({ width: 20, height: 20 });
  });

  it("keeps a line of one pixel visible, and smooths it", () => {
    const image = prepared(drawing((x, y) => Math.abs(x - y) <= 0));
    expect(Math.max(...image)).toBeGreaterThan(10);
    expect(image.filter((value) => value > 0)).toHaveLength(20);
  });

  it("gives whole numbers from 0 to 255", () => {
    const image = prepared(drawing((x, y) => (x * 7 + y * 13) % 11 < 5));
    expect(image).toHaveLength(784);
    expect(image.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(
      true,
    );
  });
});

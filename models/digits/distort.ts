import type { InputValues, Random } from "../model-definition.ts";
import { imageSize } from "./idx-files.ts";

/** How far a digit is changed at strength 1, at most. */
const most = {
  /** Radians. */
  rotation: 0.2,
  /** Share of the size. */
  scale: 0.12,
  /** Share by which height and width differ. */
  stretch: 0.08,
  /** Pixels to the side for each pixel of height. */
  shear: 0.15,
  /** Pixels. */
  shift: 2,
  /** Pixels, at each knot of the elastic grid. */
  bend: 1.5,
};

/** Knots of the elastic grid along each side. */
const knots = 5;
const [rows, columns] = imageSize;
const centre = (columns - 1) / 2;

/**
 * Writes a distorted copy of an image: for each pixel of `target`, the value at the place in
 * `source` where an affine map and a smooth field of displacements lead, interpolated.
 */
export function distort(
  source: InputValues,
  target: Float32Array,
  random: Random,
  strength: number,
): void {
  if (strength === 0) {
    target.set(source);
    return;
  }
  const within = (limit: number) => (2 * random() - 1) * limit * strength;
  const map = affineMap(within);
  const bendX = Float32Array.from({ length: knots * knots }, () => within(most.bend));
  const bendY = Float32Array.from({ length: knots * knots }, () => within(most.bend));
  for (let y = 0; y < rows; y += 1) {
    const gridY = (y * (knots - 1)) / rows;
    for (let x = 0; x < columns; x += 1) {
      const gridX = (x * (knots - 1)) / columns;
      const fromX = map.xx * (x - centre) + map.xy * (y - centre) + map.x;
      const fromY = map.yx * (x - centre) + map.yy * (y - centre) + map.y;
      target[y * columns + x] = interpolate(
        source,
        columns,
        fromX + interpolate(bendX, knots, gridX, gridY),
        fromY + interpolate(bendY, knots, gridX, gridY),
      );
    }
  }
}

function affineMap(within: (limit: number) => number) {
  const angle = within(most.rotation);
  const scale = 1 + within(most.scale);
  const stretch = 1 + within(most.stretch);
  const shear = within(most.shear);
  return {
    xx: Math.cos(angle) * scale,
    xy: (shear - Math.sin(angle)) * scale,
    yx: Math.sin(angle) * scale * stretch,
    yy: Math.cos(angle) * scale * stretch,
    x: centre + within(most.shift),
    y: centre + within(most.shift),
  };
}

/** The value between the four around a place in a square field; 0 outside of it. */
function interpolate(field: InputValues, width: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left >= width - 1 || top >= width - 1) return 0;
  const index = top * width + left;
  const shareX = x - left;
  const shareY = y - top;
  const upper = at(field, index) * (1 - shareX) + at(field, index + 1) * shareX;
  const lower = at(field, index + width) * (1 - shareX) + at(field, index + width + 1) * shareX;
  return upper * (1 - shareY) + lower * shareY;
}

function at(field: InputValues, index: number): number {
  return field[index] ?? 0;
}

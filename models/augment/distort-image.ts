import type { InputValues, Random } from "../model-definition.ts";
import { affineMap, type AffineLimits } from "./affine-map.ts";
import { elasticField } from "./elastic-field.ts";

/** How far an image may be changed. What is 0 is left alone. */
export interface DistortionLimits extends AffineLimits {
  /** Pixels along each side, at each knot of an elastic grid. */
  readonly bend: number;
  /** Knots of that grid along each side, at least 2. @default 5 */
  readonly knots?: number;
}

/** What an image is like, and what is around it. */
export interface ImageForm {
  readonly rows: number;
  readonly columns: number;
  /** Values of a pixel, one after another: 1 if it is grey, 3 if it is coloured. @default 1 */
  readonly channels?: number;
  /** What a pixel gets that comes from outside the image. @default 0 */
  readonly outside?: number;
}

/**
 * Writes a distorted copy of an image, `[rows, columns, channels]` row-major: each pixel of
 * `target` gets the value at the place in `source` where an affine map and a smooth field of
 * displacements lead, interpolated between the four pixels around it. What is drawn follows from
 * `random` alone.
 * @param strength how much of the limits counts; 0 copies the image
 */
export function distortImage(
  source: InputValues,
  target: Float32Array,
  random: Random,
  { rows, columns, channels = 1, outside = 0 }: ImageForm,
  most: DistortionLimits,
  strength = 1,
): void {
  if (strength === 0) {
    target.set(source);
    return;
  }
  const within = (limit: number) => (2 * random() - 1) * limit * strength;
  const centre = { x: (columns - 1) / 2, y: (rows - 1) / 2 };
  const map = affineMap(within, most, centre);
  const elastic =
    most.bend === 0
      ? undefined
      : elasticField(() => within(most.bend), { knots: most.knots ?? 5, rows, columns });
  const size = { rows, columns, channels, outside };
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const pixel = y * columns + x;
      const fromX = map.xx * (x - centre.x) + map.xy * (y - centre.y) + map.x;
      const fromY = map.yx * (x - centre.x) + map.yy * (y - centre.y) + map.y;
      const atX = fromX + (elastic?.across[pixel] ?? 0);
      const atY = fromY + (elastic?.down[pixel] ?? 0);
      copyPixel(source, atX, atY, target, pixel * channels, size);
    }
  }
}

/** Writes the values between the four pixels around a place, or those of the outside. */
function copyPixel(
  source: InputValues,
  x: number,
  y: number,
  target: Float32Array,
  at: number,
  { rows, columns, channels, outside }: Required<ImageForm>,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < 0 || top < 0 || left >= columns - 1 || top >= rows - 1) {
    for (let channel = 0; channel < channels; channel += 1) target[at + channel] = outside;
    return;
  }
  const shareX = x - left;
  const shareY = y - top;
  const row = columns * channels;
  const first = top * row + left * channels;
  for (let channel = 0; channel < channels; channel += 1) {
    const above = first + channel;
    const below = above + row;
    const upper = (source[above] ?? 0) * (1 - shareX) + (source[above + channels] ?? 0) * shareX;
    const lower = (source[below] ?? 0) * (1 - shareX) + (source[below + channels] ?? 0) * shareX;
    target[at + channel] = upper * (1 - shareY) + lower * shareY;
  }
}

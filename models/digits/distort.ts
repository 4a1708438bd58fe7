import { distortImage, type DistortionLimits } from "../augment/distort-image.ts";
import type { InputValues, Random } from "../model-definition.ts";
import { imageSize } from "./idx-files.ts";

/** How far a digit is changed at strength 1, at most. */
const most: DistortionLimits = {
  rotation: 0.2,
  scale: 0.12,
  stretch: 0.08,
  shear: 0.15,
  shift: 2,
  bend: 1.5,
  knots: 5,
};

const [rows, columns] = imageSize;
const form = { rows, columns };

/** Writes a digit to `target` as another hand would have drawn it. */
export function distort(
  source: InputValues,
  target: Float32Array,
  random: Random,
  strength: number,
): void {
  distortImage(source, target, random, form, most, strength);
}

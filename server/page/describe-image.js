// @ts-check
import { imageSide } from "./prepare-drawing.js";

/** Ink from here on is a pixel that an eye sees as light. */
const visible = 64;

/**
 * What is on the image, for those who do not see it.
 * @param {readonly number[] | undefined} image 784 values from 0 to 255, row by row
 */
export function describeImage(image) {
  const inked = (image ?? []).flatMap((value, index) => (value >= visible ? [index] : []));
  if (inked.length === 0) return `What the model sees: ${imageSide} by ${imageSide} black pixels`;
  const rows = inked.map((index) => Math.floor(index / imageSide) + 1);
  const columns = inked.map((index) => (index % imageSide) + 1);
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  const [left, right] = [Math.min(...columns), Math.max(...columns)];
  return `What the model sees: ${inked.length} of ${imageSide} by ${imageSide} pixels are light, in rows ${top} to ${bottom} and columns ${left} to ${right}`;
}

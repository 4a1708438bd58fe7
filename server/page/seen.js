// @ts-check
import { describeImage } from "./describe-image.js";
import { imageSide } from "./prepare-drawing.js";

/**
 * Shows the image as the model gets it.
 * @param {HTMLCanvasElement} canvas of 28 by 28 pixels
 * @param {readonly number[] | undefined} image 784 values from 0 to 255, row by row
 */
export function showSeen(canvas, image) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const pixels = context.createImageData(imageSide, imageSide);
  for (let index = 0; index < imageSide * imageSide; index += 1) {
    const value = image?.[index] ?? 0;
    pixels.data.set([value, value, value, 255], index * 4);
  }
  context.putImageData(pixels, 0, 0);
  canvas.setAttribute("aria-label", describeImage(image));
}

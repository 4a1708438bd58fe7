/** A decoded image: for each pixel, row by row, how light it is and how opaque, from 0 to 255. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
  readonly alpha: Uint8Array;
}

/** What is not that much lighter or darker than its paper, of 255, is no ink. */
const leastContrast = 32;

/** Ink below this share of the strongest is the paper's grain and shadow. */
const noiseShare = 0.25;

/**
 * Finds the ink of a drawing, scan or photo, however it came about: what is opaque where the rim is
 * transparent; otherwise what differs from the paper, which is what most of the rim shows. Dark on
 * light and light on dark are the same ink.
 * @returns how much ink each pixel has, from 0 to 255, row by row; nothing if there is none
 */
export function inkOf(image: GreyImage): Uint8Array | undefined {
  const { grey, alpha } = image;
  if (rimMedian(alpha, image) < 128) return alpha.some((value) => value > 0) ? alpha : undefined;
  const paper = rimMedian(grey, image);
  // What is transparent on opaque paper is paper.
  const contrast = grey.map((value, index) => {
    const difference = paper < 128 ? value - paper : paper - value;
    return (Math.max(0, difference) * (alpha[index] ?? 0)) / 255;
  });
  const strongest = contrast.reduce((most, value) => Math.max(most, value), 0);
  if (strongest < leastContrast) return undefined;
  const floor = strongest * noiseShare;
  return contrast.map((value) =>
    Math.round((Math.max(0, value - floor) * 255) / (strongest - floor)),
  );
}

/** Whether an image is light on dark and nowhere transparent, as the digits of MNIST are. */
export function isLightOnDark(image: GreyImage): boolean {
  return image.alpha.every((value) => value === 255) && rimMedian(image.grey, image) < 128;
}

/** Of the pixels along the four edges. */
function rimMedian(values: Uint8Array, { width, height }: GreyImage): number {
  const columns = Array.from({ length: width }, (_, x) => [x, (height - 1) * width + x]);
  const rows = Array.from({ length: height }, (_, y) => [y * width, y * width + width - 1]);
  const rim = [...columns, ...rows].flat().map((index) => values[index] ?? 0);
  return rim.toSorted((a, b) => a - b)[Math.floor(rim.length / 2)] ?? 0;
}

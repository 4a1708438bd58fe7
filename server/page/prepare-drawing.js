// @ts-check

/** Side of the image that the model takes, in pixels. */
export const imageSide = 28;

/** Side of the box into which MNIST scales the ink, in pixels. */
const boxSide = 20;

/** Ink below this is paper: the edge of a stroke that anti-aliasing left. */
const inkThreshold = 8;

/**
 * Prepares a drawing as the digits of MNIST were: the ink is cut out, scaled into 20 by 20 pixels
 * with its proportions kept, and placed so that its centre of mass is the centre of 28 by 28.
 * @see https://web.archive.org/web/20220331130319/https://yann.lecun.com/exdb/mnist/
 * @param {ArrayLike<number>} ink how much ink each pixel has, from 0 to 255, row by row
 * @param {number} width of the drawing in pixels
 * @param {number} height of the drawing in pixels
 * @returns {number[] | undefined} 784 values from 0 to 255, row by row; nothing if there is no ink
 */
export function prepareDrawing(ink, width, height) {
  const box = inkBox(ink, width, height);
  if (!box) return undefined;
  const scale = boxSide / Math.max(box.width, box.height);
  const size = {
    width: Math.max(1, Math.round(box.width * scale)),
    height: Math.max(1, Math.round(box.height * scale)),
  };
  return centred(scaled(ink, width, box, size), size);
}

/**
 * @typedef {{ left: number, top: number, width: number, height: number }} Box
 * @typedef {{ width: number, height: number }} Size
 */

/**
 * The smallest box around all ink.
 * @param {ArrayLike<number>} ink
 * @param {number} width
 * @param {number} height
 * @returns {Box | undefined}
 */
function inkBox(ink, width, height) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((ink[y * width + x] ?? 0) < inkThreshold) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * The box at another size; each pixel is the mean of the area that it covers.
 * @param {ArrayLike<number>} ink
 * @param {number} width of the drawing
 * @param {Box} box
 * @param {Size} size
 * @returns {number[]}
 */
function scaled(ink, width, box, size) {
  const columns = coverage(box.width, size.width);
  const rows = coverage(box.height, size.height);
  const pixels = [];
  for (const row of rows) {
    for (const column of columns) {
      let sum = 0;
      for (const [y, rowShare] of row) {
        for (const [x, columnShare] of column) {
          const value = ink[(box.top + y) * width + box.left + x] ?? 0;
          sum += value * rowShare * columnShare;
        }
      }
      pixels.push(sum);
    }
  }
  return pixels;
}

/**
 * Which source pixels each target pixel covers along one axis, with shares that add up to 1.
 * @param {number} from source pixels
 * @param {number} to target pixels
 * @returns {[number, number][][]}
 */
function coverage(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, index) => {
    const [start, end] = [index * step, (index + 1) * step];
    /** @type {[number, number][]} */
    const shares = [];
    for (let source = Math.floor(start); source < Math.min(from, Math.ceil(end)); source += 1) {
      const overlap = Math.min(end, source + 1) - Math.max(start, source);
      if (overlap > 1e-9) shares.push([source, overlap / step]);
    }
    return shares;
  });
}

/**
 * Places an image so that its centre of mass is that of the model's image.
 * @param {readonly number[]} pixels
 * @param {Size} size
 * @returns {number[]}
 */
function centred(pixels, size) {
  const centre = centreOfMass(pixels, size);
  const limit = { x: imageSide - size.width, y: imageSide - size.height };
  const left = clamp(Math.round(imageSide / 2 - centre.x), 0, limit.x);
  const top = clamp(Math.round(imageSide / 2 - centre.y), 0, limit.y);
  /** @type {number[]} */
  const image = Array.from({ length: imageSide * imageSide }, () => 0);
  for (const [index, value] of pixels.entries()) {
    const x = left + (index % size.width);
    const y = top + Math.floor(index / size.width);
    image[y * imageSide + x] = Math.min(255, Math.round(value));
  }
  return image;
}

/**
 * @param {readonly number[]} pixels
 * @param {Size} size
 */
function centreOfMass(pixels, size) {
  let [mass, x, y] = [0, 0, 0];
  for (const [index, value] of pixels.entries()) {
    mass += value;
    x += value * ((index % size.width) + 0.5);
    y += value * (Math.floor(index / size.width) + 0.5);
  }
  return { x: x / mass, y: y / mass };
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

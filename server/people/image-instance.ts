import { instanceLength, type TensorSpec } from "@updraft/contracts/signature";
import { z } from "zod";
import { imageSide, prepareDrawing } from "../page/prepare-drawing.js";
import { badRequest } from "../protocols/bad-request.ts";
import { decodeImage } from "./decode-image.ts";
import { inkOf, isLightOnDark } from "./digit-ink.ts";

/**
 * How an image becomes the model's: `digit` finds the ink and places it as MNIST does, `contain`
 * scales the whole image into the model's size with its proportions kept, black beside it.
 */
export const Preparation = z.enum(["digit", "contain"]);
export type Preparation = z.infer<typeof Preparation>;

/** Longest side at which ink is looked for, in pixels: fourteen for each of the box that it goes to. */
const inkSide = 280;

/**
 * Turns an image into an instance of the model's input, from its lowest value for black to its
 * highest for white; 0 to 255 where the signature gives no range.
 * @param content bytes of a PNG or JPEG
 * @param preparation @default "digit" if the input is [28, 28, 1], otherwise "contain"
 * @returns values flattened row-major
 * @throws {HttpError} 400 if the model takes no images or none can be made of it, 413 and 415 of the file
 */
export async function imageInstance(
  content: Uint8Array,
  input: TensorSpec,
  preparation: Preparation = isDigit(input) ? "digit" : "contain",
): Promise<number[]> {
  const size = imageSize(input);
  if (preparation === "digit" && !isDigit(input)) {
    throw badRequest(
      `"prepare": "digit" is for inputs of shape [28, 28, 1], and that of this model is [${input.shape.slice(1).join(", ")}]; use "contain"`,
    );
  }
  const bytes = preparation === "digit" ? await digit(content) : await contained(content, size);
  const { min, max } = input.range ?? { min: 0, max: 255 };
  return Array.from(bytes, (value) => min + (value / 255) * (max - min));
}

/** Whether an input is a digit as MNIST has them. */
export function isDigit({ shape }: TensorSpec): boolean {
  return shape.slice(1).join() === `${imageSide},${imageSide},1`;
}

interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @throws {HttpError} 400 if it is no input for images */
function imageSize(input: TensorSpec): ImageSize {
  const [height, width, channels, ...more] = input.shape.slice(1);
  if (height && width && (channels === 1 || channels === 3) && more.length === 0) {
    return { height, width, channels };
  }
  const shape = input.shape.slice(1).join(", ");
  throw badRequest(
    `this model takes no images but "${input.name}", ${instanceLength(input)} numbers of shape [${shape}]; send {"features": [...]}`,
    "type",
  );
}

async function contained(
  content: Uint8Array,
  { width, height, channels }: ImageSize,
): Promise<Uint8Array> {
  const { data } = await decodeImage(content, (image) => {
    const opaque = image.flatten({ background: "black" });
    const coloured = channels === 1 ? opaque.greyscale() : opaque.toColourspace("srgb");
    return coloured.resize(width, height, { fit: "contain", background: "black" });
  });
  return data;
}

async function digit(content: Uint8Array): Promise<ArrayLike<number>> {
  const { width, height, data } = await decodeImage(content, (image) =>
    image
      .toColourspace("srgb")
      .ensureAlpha()
      .resize(inkSide, inkSide, { fit: "inside", withoutEnlargement: true }),
  );
  const plane = (value: (pixel: number) => number) =>
    Uint8Array.from({ length: width * height }, (_, pixel) => value(pixel * 4));
  const image = {
    width,
    height,
    grey: plane((at) => lightness(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)),
    alpha: plane((at) => data[at + 3] ?? 0),
  };
  // One of MNIST's own is prepared already.
  if (width === imageSide && height === imageSide && isLightOnDark(image)) return image.grey;
  const ink = inkOf(image);
  const prepared = ink && prepareDrawing(ink, width, height);
  if (!prepared) {
    throw badRequest(
      "nothing is drawn on the image: no part of it is clearly darker or lighter than its rim",
      "image",
    );
  }
  return prepared;
}

/** @see https://www.itu.int/rec/R-REC-BT.601 */
function lightness(red: number, green: number, blue: number): number {
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}

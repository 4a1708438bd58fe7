import type { Examples } from "@updraft/models/dataset";
import { greyPng } from "./grey-png.ts";
import type { Mistake } from "./mistakes.ts";
import { element, picture, text } from "./svg.ts";

const columns = 6;
const cellWidth = 110;
const cellHeight = 130;
const imageSide = 84;
const left = 16;
const top = 44;

/**
 * The worst mistakes as a picture, each with its truth and the answer; with its image, where the
 * inputs are grey images.
 * @param shape of one input, such as `[28, 28, 1]`
 */
export function mistakesPlot(
  mistakes: readonly Mistake[],
  examples: Pick<Examples, "inputs">,
  shape: readonly number[],
): string {
  const rows = Math.max(1, Math.ceil(mistakes.length / columns));
  const size = { width: left + columns * cellWidth, height: top + rows * cellHeight };
  const cells = mistakes.flatMap((mistake, index) => {
    const x = left + (index % columns) * cellWidth;
    const y = top + Math.floor(index / columns) * cellHeight;
    return [
      ...image(mistake, examples, shape, x, y),
      text(`${mistake.truth} read as ${mistake.answer}`, { x, y: y + imageSide + 16 }),
      text(`sure to ${(100 * mistake.probability).toFixed(1)} %`, {
        x,
        y: y + imageSide + 31,
        fill: "#666",
        "font-size": 11,
      }),
    ];
  });
  const none = text("There is none.", { x: left, y: top + 20, fill: "#666" });
  return picture("Worst mistakes", size, mistakes.length > 0 ? cells : [none]);
}

function image(
  { index }: Mistake,
  { inputs }: Pick<Examples, "inputs">,
  shape: readonly number[],
  x: number,
  y: number,
): string[] {
  const [height, width, channels] = shape;
  if (height === undefined || width === undefined || channels !== 1) return [];
  const pixels = Uint8Array.from(
    inputs.subarray(index * height * width, (index + 1) * height * width),
  );
  const png = Buffer.from(greyPng(pixels, width)).toString("base64");
  const href = `data:image/png;base64,${png}`;
  const style = "image-rendering: pixelated";
  return [element("image", { href, x, y, width: imageSide, height: imageSide, style })];
}

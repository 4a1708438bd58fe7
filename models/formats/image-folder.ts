import {
  DataError,
  type Dataset,
  type DatasetFile,
  type DatasetFormat,
  type Examples,
} from "../dataset.ts";

export interface ImageFolderOptions {
  /** Rows and columns of every input. */
  readonly size: readonly [number, number];
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** The names of the folders, in the order of the model's outputs. */
  readonly classes: readonly string[];
  /**
   * What becomes of an image of another size: it is refused, stretched (`fill`), cut at the edges
   * (`cover`) or bordered with black (`contain`). Whoever asks the served model must do the same.
   * @default "refuse"
   */
  readonly resize?: "refuse" | "fill" | "cover" | "contain";
}

/** Where an image belongs, by its path. */
interface Place {
  readonly split: "train" | "test";
  readonly folder: string;
}

const layout = "[train/ or test/]<class>/<name>.png, .jpg or .jpeg";

/**
 * Images in a folder for each class, `<class>/<name>.png`, with or without a folder `train/` or
 * `test/` above. Examples are in the order of the paths: bytes, row-major, channels last. Images are
 * turned as their camera says; what is transparent is black.
 */
export function imageFolderFormat(options: ImageFolderOptions): DatasetFormat {
  return {
    files: [],
    others: { description: layout, accepts: (path) => placeOf(path) !== undefined },
    async parse(files): Promise<Dataset> {
      const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const of = (split: Place["split"]) =>
        sorted.filter(({ name }) => placeOf(name)?.split === split);
      if (of("train").length === 0) {
        throw new DataError(
          layout,
          undefined,
          "there is no image to train on; expected at least one",
        );
      }
      const train = await readImages(of("train"), options);
      const test = of("test");
      return test.length === 0 ? { train } : { train, test: await readImages(test, options) };
    },
  };
}

/** Files that are not shown, such as `._cat.png`, are other programs' notes. */
const imageName = /^[^.].*\.(png|jpe?g)$/i;

function placeOf(path: string): Place | undefined {
  const parts = path.split("/");
  const [folder, name] = parts.slice(-2);
  if (folder === undefined || name === undefined || !imageName.test(name)) return undefined;
  if (parts.length === 2) return { split: "train", folder };
  const [split] = parts;
  if (parts.length !== 3 || (split !== "train" && split !== "test")) return undefined;
  return { split, folder };
}

/** Images that are unpacked at the same time. */
const atOnce = 8;

async function readImages(
  files: readonly DatasetFile[],
  options: ImageFolderOptions,
): Promise<Examples> {
  const { size, channels, classes } = options;
  const labels = Int32Array.from(files, (file) => labelOf(file, classes));
  const length = size[0] * size[1] * channels;
  const inputs = new Uint8Array(files.length * length);
  for (let start = 0; start < files.length; start += atOnce) {
    const part = files.slice(start, start + atOnce);
    const pixels = await Promise.allSettled(part.map((file) => pixelsOf(file, options)));
    for (const [index, result] of pixels.entries()) {
      if (result.status === "rejected") throw result.reason;
      inputs.set(result.value, (start + index) * length);
    }
  }
  return { count: files.length, inputs, labels, originOf: (index) => files[index]?.name ?? "" };
}

function labelOf({ name, origin }: DatasetFile, classes: readonly string[]): number {
  const folder = placeOf(name)?.folder ?? "";
  const label = classes.indexOf(folder);
  if (label >= 0) return label;
  const rule = `the folder "${folder}" is no class; expected one of ${classes.join(", ")}`;
  throw new DataError(origin, undefined, rule);
}

/** @throws {DataError} if it is no whole PNG or JPEG, or of another size */
async function pixelsOf(file: DatasetFile, options: ImageFolderOptions): Promise<Uint8Array> {
  const { content, origin } = file;
  const [height, width] = options.size;
  const { format, data, info } = await unpacked(content, options).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    const rule = `the image cannot be read (${reason}); expected a whole PNG or JPEG`;
    throw new DataError(origin, undefined, rule, { cause: error });
  });
  if (format !== "png" && format !== "jpeg") {
    throw new DataError(origin, undefined, `it is ${format}; expected PNG or JPEG`);
  }
  if (info.height !== height || info.width !== width) {
    const rule = `an image of ${info.height} x ${info.width} pixels; expected ${height} x ${width}, or a format that says how to resize`;
    throw new DataError(origin, undefined, rule);
  }
  return data;
}

/** Imported when it is needed: a native library, which a plan has no use for. */
const imageLibrary = () => import("sharp");

async function unpacked(
  content: Uint8Array,
  { size: [height, width], channels, resize = "refuse" }: ImageFolderOptions,
) {
  const { default: sharp } = await imageLibrary();
  const image = sharp(content, { failOn: "warning", autoOrient: true });
  const { format } = await image.metadata();
  const opaque = image.flatten({ background: "black" });
  const coloured = channels === 1 ? opaque.greyscale() : opaque.toColourspace("srgb");
  const fitting =
    resize === "refuse"
      ? coloured
      : coloured.resize(width, height, { fit: resize, background: "black" });
  const pixels = await fitting.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  if (pixels.info.channels !== channels) {
    throw new Error(`${pixels.info.channels} channels came out of it, not ${channels}`);
  }
  return { format, ...pixels };
}

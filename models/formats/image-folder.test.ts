import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { DataError } from "../dataset.ts";
import { imageFolderFormat, type ImageFolderOptions } from "./image-folder.ts";

const pets: ImageFolderOptions = { size: [2, 3], channels: 1, classes: ["cat", "dog"] };

const file = (name: string, content: Uint8Array) => ({ name, content, origin: `/data/${name}` });

/** Pixels, row-major, channels last. */
const raw = (pixels: readonly number[], channels: 1 | 3 | 4, [height, width]: readonly number[]) =>
  sharp(Uint8Array.from(pixels), { raw: { height: height ?? 2, width: width ?? 3, channels } });

const grey = (pixels: readonly number[]) =>
  raw(pixels, 1, [2, 3]).toColourspace("b-w").png().toBuffer();

const refusal = async (content: Uint8Array, options: Partial<ImageFolderOptions> = {}) => {
  const format = imageFolderFormat({ ...pets, ...options });
  const error: unknown = await (async () => format.parse([file("cat/a.png", content)]))().catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
};

describe("imageFolderFormat", () => {
  it("reads a folder for each class in the order of the paths", async () => {
    const { train, test } = await imageFolderFormat(pets).parse([
      file("dog/a.png", await grey([1, 2, 3, 4, 5, 6])),
      file("cat/b.PNG", await grey([0, 0, 0, 0, 0, 255])),
      file("cat/a.png", await grey([9, 8, 7, 6, 5, 4])),
    ]);
    expect(test).toBeUndefined();
    expect(train).toMatchObject({
      count: 3,
      inputs: Uint8Array.of(9, 8, 7, 6, 5, 4, 0, 0, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6),
      labels: Int32Array.of(0, 0, 1),
    });
    expect([0, 2].map((index) => train.originOf?.(index))).toEqual(["cat/a.png", "dog/a.png"]);
  });

  it("reads folders of a published split", async () => {
    const image = await grey([1, 2, 3, 4, 5, 6]);
    const { train, test } = await imageFolderFormat(pets).parse([
      file("train/dog/a.png", image),
      file("train/cat/a.png", image),
      file("test/dog/a.png", image),
    ]);
    expect([train.labels, test?.labels]).toEqual([Int32Array.of(0, 1), Int32Array.of(1)]);
  });

  it("accepts images that lie as they should, and nothing else", () => {
    const { files, others } = imageFolderFormat(pets);
    const paths = [
      "cat/a.png",
      "cat/a b.JPG",
      "test/dog/a.jpeg",
      "train/bird/a.png",
      "a.png",
      "cat/._a.png",
      "cat/notes.txt",
      "more/cat/a.png",
      "train/cat/small/a.png",
    ];
    expect(files).toEqual([]);
    expect(paths.filter((path) => others?.accepts(path))).toEqual(paths.slice(0, 4));
  });

  it("reads colours, and makes them grey where the model wants grey", async () => {
    const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 255, 255, 255, 9, 9, 9];
    const png = await raw(pixels, 3, [2, 3]).png().toBuffer();
    const inputsOf = async (channels: 1 | 3) => {
      const format = imageFolderFormat({ ...pets, channels });
      return [...(await format.parse([file("cat/a.png", png)])).train.inputs];
    };
    expect(await inputsOf(3)).toEqual(pixels);
    const inGrey = await inputsOf(1);
    expect(inGrey).toHaveLength(6);
    expect(inGrey.slice(4)).toEqual([255, 9]);
    // Green is lighter than red, and red lighter than blue.
    const [red = 0, green = 0, blue = 0] = inGrey;
    expect(green > red && red > blue && blue > 0).toBe(true);
  });

  it("shows a grey image to a model that wants colours, and black where it is transparent", async () => {
    const format = imageFolderFormat({ ...pets, size: [1, 2], channels: 3 });
    const png = await raw([200, 100, 50, 255, 200, 100, 50, 0], 4, [1, 2]).png().toBuffer();
    const flat = await sharp(Uint8Array.of(7, 8), { raw: { height: 1, width: 2, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toBuffer();
    const { train } = await format.parse([file("cat/a.png", png), file("cat/b.png", flat)]);
    expect([...train.inputs]).toEqual([200, 100, 50, 0, 0, 0, 7, 7, 7, 8, 8, 8]);
  });

  it("reads a JPEG, turned as its camera says", async () => {
    const format = imageFolderFormat({ ...pets, size: [16, 8] });
    // Dark on the left, light on the right; turned by a quarter the light is below.
    const pixels = Array.from({ length: 8 * 16 }, (_, index) => (index % 16 < 8 ? 0 : 255));
    const jpeg = await raw(pixels, 1, [8, 16])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { train } = await format.parse([file("dog/a.jpg", jpeg)]);
    const rows = Array.from({ length: 16 }, (_, row) => train.inputs[row * 8 + 3] ?? 0);
    expect(rows.map((value) => value > 127)).toEqual(rows.map((_, row) => row >= 8));
  });

  it("resizes where the format says how", async () => {
    const png = await raw(
      Array.from({ length: 8 * 12 }, () => 77),
      1,
      [8, 12],
    )
      .toColourspace("b-w")
      .png()
      .toBuffer();
    const format = imageFolderFormat({ ...pets, resize: "fill" });
    const { train } = await format.parse([file("cat/a.png", png)]);
    expect([...train.inputs]).toEqual([77, 77, 77, 77, 77, 77]);
    expect(await refusal(png)).toBe(
      "/data/cat/a.png: an image of 8 x 12 pixels; expected 2 x 3, or a format that says how to resize",
    );
  });

  it("refuses what is no image, cut short, or of another kind", async () => {
    const reason =
      /^\/data\/cat\/a\.png: the image cannot be read \(.+\); expected a whole PNG or JPEG$/;
    expect(await refusal(Buffer.from("not an image"))).toMatch(reason);
    expect(await refusal(new Uint8Array(0))).toMatch(reason);
    const noise = Array.from({ length: 64 * 64 }, (_, index) => (index * 7919) % 256);
    const png = await raw(noise, 1, [64, 64]).png().toBuffer();
    expect(await refusal(png.subarray(0, png.length / 2), { size: [64, 64] })).toMatch(reason);
    const jpeg = await raw(noise, 1, [64, 64]).jpeg().toBuffer();
    expect(await refusal(jpeg.subarray(0, jpeg.length / 2), { size: [64, 64] })).toMatch(reason);
    const gif = await raw(noise, 1, [64, 64]).gif().toBuffer();
    expect(await refusal(gif)).toBe("/data/cat/a.png: it is gif; expected PNG or JPEG");
  });

  it("refuses a folder that is no class, and a dataset without training images", async () => {
    const image = await grey([1, 2, 3, 4, 5, 6]);
    const format = imageFolderFormat(pets);
    await expect(format.parse([file("bird/a.png", image)])).rejects.toThrow(
      '/data/bird/a.png: the folder "bird" is no class; expected one of cat, dog',
    );
    await expect(format.parse([file("test/cat/a.png", image)])).rejects.toThrow(
      "[train/ or test/]<class>/<name>.png, .jpg or .jpeg: there is no image to train on; expected at least one",
    );
  });
});

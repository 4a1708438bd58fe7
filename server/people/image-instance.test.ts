import type { TensorSpec } from "@updraft/contracts/signature";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { imageInstance } from "./image-instance.ts";

const input = (shape: number[], range?: { min: number; max: number }): TensorSpec => ({
  name: "image",
  datatype: "FP32",
  shape: [-1, ...shape],
  ...(range ? { range } : {}),
});

const raw = (pixels: readonly number[], width: number, height: number, channels: 1 | 3 | 4) =>
  sharp(Uint8Array.from(pixels), { raw: { width, height, channels } });

/** A seven in one stroke, drawn as large as wanted. */
const seven = (side: number, colours = { ink: "black", paper: "white" }) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100"><rect width="100" height="100" fill="${colours.paper}"/><path d="M28 22H72L45 82" fill="none" stroke="${colours.ink}" stroke-width="8"/></svg>`,
    ),
  );

/** The same seven in several ways. */
let drawn: Record<"small" | "large" | "inverted" | "photo" | "transparent", Buffer>;

// Before the first image is read: from then on nothing but PNG and JPEG is.
beforeAll(async () => {
  drawn = {
    small: await seven(100).png().toBuffer(),
    large: await seven(1500).jpeg().toBuffer(),
    inverted: await seven(300, { ink: "white", paper: "black" }).png().toBuffer(),
    photo: await seven(300, { ink: "#333", paper: "#bbb" }).jpeg().toBuffer(),
    transparent: await seven(300, { ink: "#00f", paper: "none" }).png().toBuffer(),
  };
});

describe("imageInstance", () => {
  const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

  it("gives red, green and blue of each pixel to a model that takes colours", async () => {
    const png = await raw(colours, 2, 2, 3).png().toBuffer();
    expect(await imageInstance(png, input([2, 2, 3]))).toEqual(colours);
  });

  it("takes grey for colours and colours for grey", async () => {
    const grey = await raw([0, 255, 255, 0], 2, 2, 1).png().toBuffer();
    expect(await imageInstance(grey, input([2, 2, 3]))).toEqual([
      0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0,
    ]);
    const white = await raw([255, 255, 255, 0, 0, 0], 2, 1, 3).png().toBuffer();
    expect(await imageInstance(white, input([1, 2, 1]))).toEqual([255, 0]);
  });

  it("spreads black to white over the range of the input", async () => {
    const png = await raw([0, 51, 204, 255], 2, 2, 1).png().toBuffer();
    expect(await imageInstance(png, input([2, 2, 1], { min: 0, max: 10 }))).toEqual([0, 2, 8, 10]);
    expect(await imageInstance(png, input([2, 2, 1], { min: -1, max: 1 }))).toEqual([
      -1, -0.6, 0.6000000000000001, 1,
    ]);
  });

  it("keeps the proportions and leaves black beside the image", async () => {
    const wide = await sharp({
      create: { width: 40, height: 20, channels: 3, background: "white" },
    })
      .jpeg()
      .toBuffer();
    const values = await imageInstance(wide, input([4, 4, 1]));
    expect(values).toEqual([0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
  });

  it("takes what is transparent for black", async () => {
    const png = await raw([255, 255, 255, 0, 255, 255, 255, 255], 2, 1, 4).png().toBuffer();
    expect(await imageInstance(png, input([1, 2, 1]))).toEqual([0, 255]);
  });

  it("turns a photo upright as its camera says", async () => {
    const turned = await raw([0, 0, 0, 255, 255, 255], 2, 1, 3)
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    expect(await imageInstance(turned, input([2, 1, 1]))).toEqual([0, 255]);
  });

  it.each([[[4]], [[2, 2]], [[2, 2, 2]], [[2, 2, 1, 1]]])(
    "says of a model of shape %j that it takes no images",
    async (shape) => {
      const png = await raw([0], 1, 1, 1).png().toBuffer();
      await expect(imageInstance(png, input(shape))).rejects.toMatchObject({
        status: 400,
        message: expect.stringContaining("this model takes no images"),
      });
    },
  );
});

describe("imageInstance of a digit", () => {
  const digit = input([28, 28, 1], { min: 0, max: 255 });
  it("has ink in a box of 20 by 20 around its centre of mass", async () => {
    const values = await imageInstance(drawn.small, digit);
    const rows = values.flatMap((value, index) => (value > 0 ? [Math.floor(index / 28)] : []));
    expect(rows.at(-1)).toBe((rows[0] ?? 0) + 19);
    const mass = values.reduce((sum, value) => sum + value, 0);
    const y = values.reduce((sum, value, i) => sum + value * (Math.floor(i / 28) + 0.5), 0) / mass;
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
  });

  it("is the same however large it is, on whatever paper, and light on dark", async () => {
    const { small, ...others } = drawn;
    const expected = await imageInstance(small, digit);
    for (const [name, image] of Object.entries(others)) {
      const values = await imageInstance(image, digit);
      const difference = values.reduce((s, v, i) => s + Math.abs(v - (expected[i] ?? 0)), 0) / 784;
      expect(difference, name).toBeLessThan(6);
    }
  });

  it("stays as it is if it looks as MNIST's own do", async () => {
    const pixels = Array.from({ length: 784 }, (_, index) => (index % 28 === 3 ? index % 256 : 0));
    const png = await raw(pixels, 28, 28, 1).png().toBuffer();
    expect(await imageInstance(png, digit)).toEqual(pixels);
  });

  it("is the whole image, scaled, where that is asked for", async () => {
    const values = await imageInstance(drawn.small, digit, "contain");
    expect(values[0]).toBe(255);
  });

  it("is not to be seen on empty paper", async () => {
    const paper = await raw([255], 1, 1, 1).png().toBuffer();
    await expect(imageInstance(paper, digit)).rejects.toThrow("nothing is drawn on the image");
  });

  it("is no way to prepare an image for another model", async () => {
    await expect(imageInstance(drawn.small, input([32, 32, 3]), "digit")).rejects.toThrow(
      '"prepare": "digit" is for inputs of shape [28, 28, 1], and that of this model is [32, 32, 3]',
    );
  });
});

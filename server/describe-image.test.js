import { expect, it } from "vitest";
import { describeImage } from "./page/describe-image.js";

it("says where the ink is, in rows and columns from 1 on", () => {
  const image = Array.from({ length: 784 }, () => 0);
  image[4 * 28 + 10] = 255;
  image[6 * 28 + 12] = 64;
  image[7 * 28 + 27] = 63;
  expect(describeImage(image)).toBe(
    "What the model sees: 2 of 28 by 28 pixels are light, in rows 5 to 7 and columns 11 to 13",
  );
});

it("says that there is no ink", () => {
  const nothing = "What the model sees: 28 by 28 black pixels";
  expect(describeImage(undefined)).toBe(nothing);
  expect(describeImage(Array.from({ length: 784 }, () => 63))).toBe(nothing);
});

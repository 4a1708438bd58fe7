import { expect, it } from "vitest";
import { loadTensorflow } from "../training/tensorflow.ts";
import { greyPng } from "./grey-png.ts";

await loadTensorflow();
const { node } = await import("@tensorflow/tfjs-node");

it("writes an image that another library reads as it was", () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, index) => index * 20);
  const decoded = node.decodePng(greyPng(pixels, 4), 1);
  expect(decoded.shape).toEqual([3, 4, 1]);
  expect([...decoded.dataSync()]).toEqual([...pixels]);
});

import { expect, it } from "vitest";
import { loadTensorflow } from "../../training/tensorflow.ts";
import { pngOf } from "./png.ts";

await loadTensorflow();
const { node } = await import("@tensorflow/tfjs-node");

it("writes an image that another library reads as it was", () => {
  const values = Uint8Array.from({ length: 12 }, (_, index) => index * 20);
  const grey = node.decodePng(pngOf({ values, width: 4, channels: 1 }), 1);
  expect(grey.shape).toEqual([3, 4, 1]);
  expect([...grey.dataSync()]).toEqual([...values]);
  const colour = node.decodePng(pngOf({ values, width: 2, channels: 3 }), 3);
  expect(colour.shape).toEqual([2, 2, 3]);
  expect([...colour.dataSync()]).toEqual([...values]);
});

it("draws every pixel as large as it is told", () => {
  const values = Uint8Array.of(10, 20, 30, 40);
  const decoded = node.decodePng(pngOf({ values, width: 2, channels: 1 }, 2), 1);
  expect([...decoded.dataSync()]).toEqual([
    10, 10, 20, 20, 10, 10, 20, 20, 30, 30, 40, 40, 30, 30, 40, 40,
  ]);
});

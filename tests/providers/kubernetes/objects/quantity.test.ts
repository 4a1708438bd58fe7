import { expect, it } from "vitest";
import { canonicalQuantity } from "./quantity.ts";

it.each([
  ["1000m", "1"],
  ["1500m", "1500m"],
  ["0.5", "500m"],
  ["0.1", "100m"],
  ["2", "2"],
  ["1000", "1k"],
  ["1024Mi", "1Gi"],
  ["0.5Gi", "512Mi"],
  ["1.5Gi", "1536Mi"],
  ["1Ki", "1Ki"],
  ["100Mi", "100Mi"],
  ["2000M", "2G"],
  ["1e3", "1e3"],
  ["0", "0"],
  ["0Mi", "0"],
  ["-500m", "-500m"],
  ["1n", "1n"],
  ["100", "100"],
])("writes %s as %s", (given, canonical) => {
  expect(canonicalQuantity(given)).toBe(canonical);
});

it.each(["", "ten", "1Gib", "."])("leaves what is no quantity as it is: %j", (text) => {
  expect(canonicalQuantity(text)).toBe(text);
});

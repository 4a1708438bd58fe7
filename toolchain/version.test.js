import { describe, expect, it } from "vitest";
import { isAtLeast, parseVersion } from "./version.js";

describe("parseVersion", () => {
  it.each([
    ["v24.21.0", [24, 21, 0]],
    ["go1.26.8", [1, 26, 8]],
    ["go1.26", [1, 26, 0]],
    ["3.256.0-alpha.1", [3, 256, 0]],
    ["v3.256.0+dirty\n", [3, 256, 0]],
  ])("finds the numbers in %j", (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it("finds none in other text", () => {
    expect(parseVersion("devel")).toBeUndefined();
  });
});

describe("isAtLeast", () => {
  it.each([
    ["24.0.0", "24.0.0", true],
    ["v24.21.0", "24.0.0", true],
    ["25.0.0", "24.21.0", true],
    ["24.9.0", "24.21.0", false],
    ["20.20.2", "24.0.0", false],
    ["3.9.0", "3.256.0", false],
    ["unknown", "1.0.0", false],
  ])("compares %s with %s by numbers", (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });
});

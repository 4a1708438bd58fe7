import { describe, expect, it } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatDuration,
  formatNumber,
  formatTime,
  shortDigest,
} from "./format.ts";

describe("the formats of a page", () => {
  it.each([
    [0.98765432, "0.9877"],
    [0, "0"],
    [12, "12"],
    [1_690_412, "1,690,412"],
    [5210.123, "5,210.12"],
    [0.00025, "2.500e-4"],
    [-0.5, "-0.5000"],
    [3e12, "3,000,000,000,000"],
    [2.5e10 + 0.5, "2.500e+10"],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ])("show the number %d as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [-5, "0.0 s"],
    [440, "0.4 s"],
    [38_400, "38 s"],
    [59_900, "1 min"],
    [242_000, "4 min 2 s"],
    [3 * 3_600_000 + 12 * 60_000, "3 h 12 min"],
    [52 * 3_600_000, "2 d 4 h"],
  ])("show %d ms as %s", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it.each([
    [30_000, "just now"],
    [12.5 * 60_000, "12 min ago"],
    [5 * 3_600_000, "5 h ago"],
    [86_400_000, "20 Nov 2026"],
  ])("show what was %d ms ago as %s", (milliseconds, text) => {
    const now = Date.UTC(2026, 10, 21, 4, 13, 5);

    expect(formatAgo(now - milliseconds, now)).toBe(text);
    expect(formatTime(now)).toBe("2026-11-21 04:13:05 UTC");
  });

  it.each([
    [0, "0 B"],
    [812, "812 B"],
    [14_230, "14.2 kB"],
    [1_690_412, "1.7 MB"],
    [2e15, "2000.0 TB"],
  ])("show %d bytes as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("cut a digest to its first twelve digits", () => {
    expect(shortDigest(`sha256:${"ab12cd34".repeat(8)}`)).toBe("ab12cd34ab12");
    expect(shortDigest("a1b2c3")).toBe("a1b2c3");
  });
});

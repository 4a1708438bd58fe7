import { expect, it } from "vitest";
import { parseDuration } from "./policy.ts";

it.each([
  ["30d", 30 * 86_400_000],
  ["8h", 8 * 3_600_000],
  ["2d8h5m20s", 2 * 86_400_000 + 8 * 3_600_000 + 5 * 60_000 + 20_000],
  ["1.5h", 5_400_000],
  ["0s", 0],
])("reads %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(["", "30", "d", "-1d", "1 d", "5m2h", "1w", "1e9d", `${"9".repeat(20)}d`])(
  "finds no duration in %j",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

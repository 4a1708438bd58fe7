import { describe, expect, it } from "vitest";
import { UsageError } from "../support/run-command.ts";
import { expiryOf, inWords, parseTtl } from "./ttl.ts";

const hour = 3_600_000;

describe("parseTtl", () => {
  it.each([
    ["10m", hour / 6],
    ["90m", 1.5 * hour],
    ["4h", 4 * hour],
    ["2d", 48 * hour],
    ["30d", 720 * hour],
  ])("reads %s", (text, milliseconds) => {
    expect(parseTtl(text)).toBe(milliseconds);
  });

  it.each(["", "4", "h", "4 h", "-4h", "1.5h", "4w", "4H", "4h30m", "1e3m", "9999999m"])(
    "refuses %j, which is no time to live",
    (text) => {
      expect(() => parseTtl(text)).toThrow(
        new UsageError(
          `--ttl ${text} is no time to live; expected a whole number of minutes, hours or days, such as 30m, 4h or 2d`,
        ),
      );
    },
  );

  it("refuses what is too short to be of use", () => {
    expect(() => parseTtl("9m")).toThrow(
      "--ttl 9m is below 10m; the stack might go before its first update has ended",
    );
    expect(() => parseTtl("0d")).toThrow("--ttl 0d is below 10m");
  });

  it("refuses what is no preview any more", () => {
    expect(() => parseTtl("31d")).toThrow(
      "--ttl 31d is above 30d; a stack that stays needs none, and is made with npm start -- --stack <name>",
    );
  });
});

describe("expiryOf", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const at = (hours: number) => new Date(now.getTime() + hours * hour);

  it("is four hours away where nobody says otherwise", () => {
    expect(expiryOf(now, undefined, undefined)).toEqual(at(4));
  });

  it("renews what is about to expire or has expired", () => {
    expect(expiryOf(now, undefined, at(1))).toEqual(at(4));
    expect(expiryOf(now, undefined, at(-9))).toEqual(at(4));
  });

  it("takes nothing away that nobody has asked to take away", () => {
    expect(expiryOf(now, undefined, at(48))).toEqual(at(48));
    expect(expiryOf(now, hour, at(48))).toEqual(at(1));
  });
});

it.each([
  [0, "0 min"],
  [59 * 60_000, "59 min"],
  [-5 * 60_000, "5 min"],
  [hour, "1 h"],
  [3.5 * hour, "3 h 30 min"],
  [24 * hour, "1 d"],
  [49.4 * hour, "2 d 1 h"],
])("%i ms is %s", (milliseconds, words) => {
  expect(inWords(milliseconds)).toBe(words);
});

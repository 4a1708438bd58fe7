import { describe, expect, it } from "vitest";
import { createRandom, RandomState, shuffled } from "./random.ts";

const draw = (seed: number, purpose: string, count: number) => {
  const random = createRandom(seed, purpose);
  return Array.from({ length: count }, () => random());
};

describe("createRandom", () => {
  it("gives the same numbers for the same seed and purpose, and others for another", () => {
    expect(draw(1, "order", 5)).toEqual(draw(1, "order", 5));
    expect(draw(2, "order", 5)).not.toEqual(draw(1, "order", 5));
    expect(draw(1, "split", 5)).not.toEqual(draw(1, "order", 5));
  });

  it("stays the generator it is: what a seed has trained before, it trains again", () => {
    expect(draw(1, "order", 3)).toEqual([
      0.9390462369192392, 0.46733880788087845, 0.023887239629402757,
    ]);
  });

  it("goes on where it was left", () => {
    const first = createRandom(3, "order");
    first();
    const state = first.save();
    const rest = [first(), first(), first()];
    const second = createRandom(9, "other");
    second.restore(state);
    expect([second(), second(), second()]).toEqual(rest);
    expect(RandomState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it("spreads its numbers evenly over [0, 1)", () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const value of draw(7, "test", 100_000)) {
      const bin = Math.floor(value * 10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(9_600);
    expect(Math.max(...counts)).toBeLessThan(10_400);
  });
});

describe("shuffled", () => {
  it("keeps the values, changes their order and leaves the original alone", () => {
    const values = Int32Array.from({ length: 50 }, (_, index) => index);
    const result = shuffled(values, createRandom(1, "test"));
    expect(result).not.toEqual(values);
    expect(result.toSorted()).toEqual(values);
    expect(values[0]).toBe(0);
  });
});

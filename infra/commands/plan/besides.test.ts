import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { besides } from "./besides.ts";

const [old, next] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const release: Release = {
  model: "digits",
  version: "4",
  digest: next,
  uri: "file:///models/digits/b",
  runId: "run-4",
  datasetDigest: old,
  metrics: { accuracy: 0.9912, sizeBytes: 864_818 },
  gate: { verdict: "passed", rules: [] },
  intervals: { accuracy: { low: 0.9892, high: 0.993 } },
};
const comparison = (accuracy: { value: number; low: number; high: number }) => ({
  version: "3",
  digest: old,
  metrics: { accuracy: 0.988 },
  differences: { accuracy },
});

describe("besides", () => {
  it("has every measure with its interval and what it was before", () => {
    const found = comparison({ value: 0.0032, low: 0.0012, high: 0.0052 });
    expect(besides({ ...release, comparison: found })).toEqual({
      version: "3",
      digest: old,
      isSamePackage: false,
      measures: [
        {
          measure: "accuracy",
          value: 0.9912,
          interval: { low: 0.9892, high: 0.993 },
          before: 0.988,
          difference: { value: 0.0032, low: 0.0012, high: 0.0052 },
          isMoreThanNoise: true,
        },
        {
          measure: "sizeBytes",
          value: 864_818,
          interval: undefined,
          before: undefined,
          difference: undefined,
          isMoreThanNoise: undefined,
        },
      ],
      verdict:
        "Beside version 3, accuracy is higher by more than noise: `+0.0032` (95 % interval 0.0012 to 0.0052).",
    });
  });

  it.each([
    [
      { value: -0.0032, low: -0.0052, high: -0.0012 },
      "Beside version 3, accuracy is lower by more than noise: `−0.0032` (95 % interval −0.0052 to −0.0012).",
    ],
    [
      { value: 0.0007, low: -0.0011, high: 0.0025 },
      "Beside version 3, the difference in accuracy may be noise: `+0.0007` (95 % interval −0.0011 to 0.0025, with 0 in it).",
    ],
  ])("says whether %o is more than noise", (accuracy, verdict) => {
    expect(besides({ ...release, comparison: comparison(accuracy) })?.verdict).toBe(verdict);
  });

  it("knows the package that served before", () => {
    const same = { ...comparison({ value: 0, low: 0, high: 0 }), digest: next };
    expect(besides({ ...release, comparison: same })).toMatchObject({
      isSamePackage: true,
      verdict: "It is the package that served before, as version 3.",
    });
  });

  it("says what has not been measured, and nothing where nothing served before", () => {
    const none = { ...comparison({ value: 0, low: 0, high: 0 }), differences: {} };
    expect(besides({ ...release, comparison: none })?.verdict).toBe(
      "How it differs from version 3 has not been measured.",
    );
    expect(besides(release)).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { defaultQuality, qualityLimits, QualityRules } from "./quality.ts";

const messageFor = (drift: unknown) =>
  QualityRules.safeParse({ drift }).error?.issues.map(({ message }) => message);

describe("qualityLimits", () => {
  it("has the default limits of every check where nobody says otherwise", () => {
    expect(qualityLimits()).toEqual(defaultQuality);
    expect(Object.keys(defaultQuality)).toEqual(Object.keys(QualityRules.shape));
  });

  it("takes a check's limits whole, the last ones that are given", () => {
    const limits = qualityLimits(
      { duplicates: 0.2, drift: { warn: 0.3 } },
      { drift: { fail: 2 } },
      undefined,
    );
    expect(limits).toEqual({ ...defaultQuality, duplicates: { fail: 0.2 }, drift: { fail: 2 } });
  });

  it("refuses limits that are none", () => {
    expect(messageFor("much")).toEqual([
      'expected a number from 0 on, or an object such as {"warn": 0.01, "fail": 0.1}',
    ]);
    expect(messageFor(-1)).toEqual(["Too small: expected number to be >=0"]);
    expect(messageFor({ warm: 1 })).toEqual(['Unrecognized key: "warm"']);
  });
});

import { describe, expect, it } from "vitest";
import { describeTable } from "./describe-table.ts";

const wines = `alcohol,"residual sugar",colour,acidity,quality
12.5,1.9,red,-0.7,good
9.8,,red,0.88,bad
11,26,white,0.76,good
`;

describe("describeTable", () => {
  it("finds features, classes and a range with room to spare", () => {
    expect(describeTable(wines, { kind: "classifier", label: "quality" })).toEqual({
      features: ["alcohol", "residual sugar", "acidity"],
      labels: ["bad", "good"],
      range: { min: -1, max: 100 },
      rows: 3,
      skipped: ["colour"],
    });
  });

  it("takes a column of numbers for a regressor", () => {
    expect(describeTable(wines, { kind: "regressor", label: "alcohol" })).toEqual({
      features: ["residual sugar", "acidity"],
      labels: [],
      range: { min: -1, max: 100 },
      rows: 3,
      skipped: ["colour", "quality"],
    });
  });

  it.each([
    [
      wines,
      "classifier",
      "taste",
      'it has no column "taste"; the columns are alcohol, residual sugar',
    ],
    [wines, "regressor", "quality", 'column "quality" has good; a regressor estimates numbers'],
    [wines, "regressor", "residual sugar", 'column "residual sugar" is empty in some rows'],
    ["a,b\n", "classifier", "b", "it has no rows"],
    ["a,b\n1,x\n2,x\n", "classifier", "b", 'column "b" has 1 different values; expected 2 to 200'],
    ["a,b\nu,x\nv,y\n", "classifier", "b", 'it has no column of numbers beside "b"'],
    ['a,b\n"1,x\n', "classifier", "b", "it is no CSV"],
  ] as const)("refuses what cannot be learnt (%#)", (csv, kind, label, problem) => {
    expect(() => describeTable(csv, { kind, label })).toThrow(problem);
  });
});

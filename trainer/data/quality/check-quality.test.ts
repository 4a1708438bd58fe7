import { digestOf } from "@updraft/contracts/digest";
import type { Examples } from "@updraft/models/dataset";
import { model } from "@updraft/models/digits";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityRules } from "@updraft/models/quality";
import { describe, expect, it } from "vitest";
import { checkQuality } from "./check-quality.ts";
import type { QualityReport } from "./report.ts";

const digest = digestOf("d");

/** Takes two numbers from 0 to 10 and tells "no" from "yes". */
const definition: ModelDefinition = {
  ...model,
  input: { name: "sizes", datatype: "FP32", shape: [-1, 2], range: { min: 0, max: 10 } },
  output: { ...model.output, shape: [-1, 2], labels: ["no", "yes"] },
  format: { ...model.format, inputNames: ["height", "width"] },
  split: { validation: 0.2, test: 0.2 },
};

/** Examples of both classes in turn, no two alike; some of the inputs or labels are changed. */
function examples(
  count: number,
  changes: {
    readonly inputs?: Readonly<Record<number, readonly [number, number]>>;
    readonly labels?: Readonly<Record<number, number>>;
    /** So that two splits are different. */
    readonly shift?: number;
  } = {},
): Examples<Int32Array> {
  const { inputs = {}, labels = {}, shift = 0 } = changes;
  const rows = Array.from({ length: count }, (_, index) => index);
  return {
    count,
    inputs: Float32Array.from(
      rows.flatMap((index) => inputs[index] ?? [(index + shift) / 100, index % 2]),
    ),
    labels: Int32Array.from(rows, (index) => labels[index] ?? index % 2),
    originOf: (index) => `line ${index + 2}`,
  };
}

const check = (train: Examples, test?: Examples, rules: QualityRules = {}) =>
  checkQuality(
    { dataset: { train, ...(test ? { test } : {}) }, name: "d", digest, seed: 1 },
    definition,
    rules,
  );

const named = (report: QualityReport, name: string) =>
  report.checks.find(({ check: found }) => found === name);

describe("checkQuality", () => {
  it("passes sound data and splits it", () => {
    const { report, splits } = check(examples(20));
    expect(report.checks.map(({ check: name, verdict }) => [name, verdict])).toEqual([
      ["schema", "passed"],
      ["missing", "passed"],
      ["outOfRange", "passed"],
      ["perClass", "passed"],
      ["imbalance", "passed"],
      ["duplicates", "passed"],
      ["conflicts", "passed"],
      ["leakage", "passed"],
      ["drift", "skipped"],
    ]);
    expect(report.verdict).toBe("passed");
    expect(report.examples).toEqual({ training: 12, validation: 4, test: 4 });
    expect(report.classes).toEqual({
      no: { training: 6, validation: 2, test: 2 },
      yes: { training: 6, validation: 2, test: 2 },
    });
    expect([splits?.train.count, splits?.validation.count, splits?.test.count]).toEqual([12, 4, 4]);
  });

  it("rejects data of another form, and looks no further", () => {
    const { report, splits } = check({ ...examples(20), inputs: new Float32Array(39) });
    expect(report.checks).toEqual([
      {
        check: "schema",
        value: 1,
        limit: 0,
        verdict: "failed",
        affected: 0,
        rows: [],
        message: "39 values in 20 training examples; expected 2 in each",
      },
    ]);
    expect(splits).toBeUndefined();
    expect(check(examples(2)).report.checks[0]?.message).toBe(
      "2 training examples; expected at least 3",
    );
    const values = { ...examples(20), labels: new Float32Array(20) };
    expect(check(values).report.checks[0]?.message).toBe(
      "the training examples are labelled with values; the model expects classes",
    );
  });

  it("names every row with something missing, and where it is", () => {
    const train = examples(20, {
      inputs: { 3: [Number.NaN, 1], 5: [1, Number.NaN] },
      labels: { 7: -1 },
    });
    const { report, splits } = check(train, examples(4, { inputs: { 0: [Number.NaN, 0] } }));
    expect(named(report, "missing")).toEqual({
      check: "missing",
      value: 4 / 24,
      limit: 0,
      verdict: "failed",
      affected: 4,
      rows: [
        "line 5: height is missing",
        "line 7: width is missing",
        "line 9: its label is missing",
        "line 2: height is missing",
      ],
      message: "4 of 24 examples lack a value or their label",
    });
    expect([report.verdict, splits]).toEqual(["failed", undefined]);
  });

  it("names ten rows of many", () => {
    const inputs = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [index, [Number.NaN, 0] as const]),
    );
    const found = named(check(examples(20, { inputs })).report, "missing");
    expect([found?.affected, found?.rows.length]).toEqual([12, 10]);
  });

  it("leaves out what may be missing", () => {
    const train = examples(20, { inputs: { 3: [Number.NaN, 1] } });
    const { report, splits } = check(train, undefined, { missing: { warn: 0, fail: 0.1 } });
    expect(report.verdict).toBe("warned");
    expect(named(report, "missing")).toMatchObject({
      verdict: "warned",
      message: "1 of 20 examples lack a value or their label; they are left out",
    });
    const { train: trained, validation, test } = splits!;
    expect(trained.count + validation.count + test.count).toBe(19);
    expect([...trained.inputs, ...validation.inputs, ...test.inputs]).not.toContain(Number.NaN);
  });

  it("rejects values and labels that make no sense", () => {
    const train = examples(20, { inputs: { 2: [11, 0], 4: [0, -Infinity] }, labels: { 6: 2 } });
    expect(named(check(train).report, "outOfRange")).toMatchObject({
      verdict: "failed",
      rows: [
        "line 4: height is 11; expected 0 to 10",
        "line 6: width is -Infinity; expected 0 to 10",
        "line 8: its label is 2; expected 0 to 1",
      ],
      message: "3 of 20 examples have a value or a label that makes no sense",
    });
  });

  it("rejects bytes out of range too", () => {
    const train = { ...examples(20), inputs: new Uint8Array(40).fill(11, 4, 5) };
    expect(named(check(train).report, "outOfRange")?.rows).toEqual([
      "line 4: height is 11; expected 0 to 10",
    ]);
  });

  it("rejects a class with too few examples to learn, or none to judge by", () => {
    const labels = Object.fromEntries(Array.from({ length: 18 }, (_, index) => [index, 0]));
    const { report } = check(examples(20, { labels }));
    expect(named(report, "perClass")).toMatchObject({
      value: 1,
      limit: 3,
      verdict: "failed",
      rows: ['class "yes": 1 examples'],
      message: 'class "yes" has the fewest training examples, 1',
    });
    expect(named(report, "imbalance")).toMatchObject({
      value: 19,
      verdict: "warned",
      message: 'class "no" has 19 times as many training examples as class "yes"',
    });
    const test = examples(2, { labels: { 0: 1 }, shift: 500 });
    expect(named(check(examples(20), test).report, "perClass")).toMatchObject({
      verdict: "failed",
      message: 'no test example of class "no"',
    });
  });

  it("finds copies, and labels that contradict each other", () => {
    const train = examples(20, { inputs: { 4: [0, 0], 5: [0.02, 0], 9: [0, 0] } });
    const { report } = check(train, undefined, { duplicates: 0.01, conflicts: { warn: 0 } });
    expect(named(report, "duplicates")).toMatchObject({
      value: 1 / 20,
      verdict: "failed",
      rows: ["line 6 is a copy of line 2"],
    });
    expect(named(report, "conflicts")).toMatchObject({
      value: 5 / 20,
      limit: 0,
      verdict: "warned",
      rows: [
        'line 2 is "no", line 11 is "yes"',
        'line 4 is "no", line 7 is "yes"',
        'line 6 is "no", line 11 is "yes"',
        'line 7 is "yes", line 4 is "no"',
        'line 11 is "yes", line 2 is "no"',
      ],
      message: "5 of 20 training examples have an input that has another label elsewhere",
    });
  });

  it("finds what a published test split has from the training examples", () => {
    const test = examples(4, { shift: 500, inputs: { 2: [0.06, 0] } });
    expect(named(check(examples(20), test).report, "leakage")).toMatchObject({
      value: 0.25,
      limit: 0.01,
      verdict: "failed",
      rows: ["line 4 has the input of line 8"],
      message: "1 of 4 test examples are among the training examples",
    });
  });

  it("splits so that nothing leaks, however many copies there are", () => {
    const copied = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [index, [(index % 10) / 10, index % 2] as const]),
    );
    const { report } = check(examples(40, { inputs: copied }), undefined, { duplicates: 1 });
    expect(named(report, "leakage")).toMatchObject({ value: 0, verdict: "passed" });
    expect(named(report, "duplicates")?.affected).toBe(30);
  });

  it("tells how far the data is from what the champion was trained on", () => {
    const { baseline } = check(examples(400)).report;
    const other = (train: Examples, rules?: QualityRules) =>
      named(
        checkQuality({ dataset: { train }, name: "d", digest, seed: 1 }, definition, rules, {
          version: "7",
          baseline,
        }).report,
        "drift",
      );
    expect(other(examples(400))).toMatchObject({ value: 0, limit: 0.2, verdict: "passed" });
    const apart = other(examples(400, { shift: 300 }));
    expect(apart).toMatchObject({ limit: 0.5, verdict: "failed" });
    expect(apart?.message).toMatch(/^PSI [\d.]+ between .* version 7, and this, most in height$/);
    expect(other(examples(400, { shift: 300 }), { drift: { warn: 0.1 } })?.verdict).toBe("warned");
  });

  it("asks of estimated values what it can ask", () => {
    const { labels: _classes, ...output } = definition.output;
    const regressor = { ...definition, output: { ...output, shape: [-1, 1], name: "price" } };
    const labels = Float32Array.from({ length: 20 }, (_, index) => index);
    labels[4] = Number.NaN;
    labels[6] = Infinity;
    const dataset = { train: { ...examples(20), labels } };
    const { report } = checkQuality({ dataset, name: "d", digest, seed: 1 }, regressor);
    expect(report.checks.map(({ check: name, rows }) => [name, rows])).toEqual([
      ["schema", []],
      ["missing", ["line 6: its label is missing"]],
      ["outOfRange", ["line 8: its label is Infinity; expected a finite number"]],
      ["duplicates", []],
      ["leakage", []],
      ["drift", []],
    ]);
    expect(Object.keys(report.baseline)).toEqual(["sizes", "price"]);
    expect(report.classes).toEqual({});
  });
});

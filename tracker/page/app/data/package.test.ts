import { describe, expect, it } from "vitest";
import { parseCard, parseConfusion } from "./package.ts";

describe("a package's card", () => {
  it("tells metrics, gate and lineage", () => {
    const gate = {
      verdict: "passed",
      rules: [{ rule: "minF1", value: 1, limit: 0.9, verdict: "passed" }],
    };
    const lineage = { runId: "r", seed: 1 };

    expect(
      parseCard({ createdAt: "2026-11-21", metrics: { f1: 1, note: "x" }, gate, lineage }),
    ).toEqual({ createdAt: "2026-11-21", metrics: { f1: 1 }, gate, lineage });
  });

  it.each([undefined, null, [], "card", {}, { lineage: 3 }])("is none of %o", (value) => {
    expect(parseCard(value)).toBeUndefined();
  });
});

describe("a confusion matrix", () => {
  it("has as many rows and columns as labels", () => {
    const counts = [
      [1, 2],
      [3, 4],
    ];

    expect(parseConfusion({ labels: [0, "b"], counts })).toEqual({ labels: ["0", "b"], counts });
    expect(parseConfusion({ labels: ["a"], counts })).toBeUndefined();
    expect(
      parseConfusion({
        labels: ["a", "b"],
        counts: [
          [1, "2"],
          [3, 4],
        ],
      }),
    ).toBeUndefined();
    expect(parseConfusion("matrix")).toBeUndefined();
  });
});

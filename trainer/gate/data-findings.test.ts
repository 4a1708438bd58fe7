import { expect, it } from "vitest";
import { dataFindings } from "./data-findings.ts";

const check = { limit: 0.1, affected: 0, rows: [], message: "" };

it("counts the checks that have warned, and takes the drift where it is known", () => {
  const checks = [
    { ...check, check: "missing", value: 0, verdict: "passed" as const },
    { ...check, check: "leakage", value: 0.2, verdict: "warned" as const },
    { ...check, check: "drift", value: 0.3, verdict: "warned" as const },
  ];
  expect(dataFindings({ checks })).toEqual({ warnings: ["leakage", "drift"], drift: 0.3 });
  const skipped = {
    check: "drift",
    verdict: "skipped" as const,
    affected: 0,
    rows: [],
    message: "",
  };
  expect(dataFindings({ checks: [skipped] })).toEqual({ warnings: [], drift: undefined });
});

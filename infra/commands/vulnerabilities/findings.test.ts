import { describe, expect, it } from "vitest";
import { readExceptions } from "./exceptions.ts";
import { type Finding, judge, severityOf } from "./findings.ts";
import { verdictReport } from "./verdict-report.ts";

function finding(id: string, severity: Finding["severity"], fixedIn?: string): Finding {
  const about = { id, package: "tar", version: "<7.5", severity, title: `title of ${id}` };
  return fixedIn === undefined ? about : { ...about, fixedIn };
}

const critical = finding("GHSA-1", "critical", "7.5.0");
const high = finding("GHSA-2", "high", "7.5.0");
const unfixed = finding("GHSA-3", "high");
const low = finding("GHSA-4", "low", "7.5.0");
const all = [critical, high, unfixed, low];
const rule = { level: "high", withUnfixed: false, today: "2026-11-29" } as const;
const exception = {
  id: "GHSA-2",
  package: "tar",
  reason: "we unpack our own files",
  until: "2026-11-29",
};

describe("the verdict on vulnerabilities", () => {
  it("refuses what is serious and has a fix", () => {
    expect(judge(all, [], rule)).toEqual({
      refused: [critical, high],
      accepted: [],
      unfixed: [unfixed],
      below: [low],
      expired: [],
    });
  });

  it("refuses also what has no fix, where it is told to", () => {
    const { refused } = judge(all, [], { ...rule, level: "critical", withUnfixed: true });
    expect(refused).toEqual([critical]);
    expect(judge(all, [], { ...rule, withUnfixed: true }).refused).toEqual([
      critical,
      high,
      unfixed,
    ]);
  });

  it("accepts an exception up to its last day, for that package alone", () => {
    const accepting = judge(all, [exception], rule);
    expect(accepting.refused).toEqual([critical]);
    expect(accepting.accepted).toEqual([{ finding: high, exception }]);
    const later = judge(all, [exception], { ...rule, today: "2026-11-30" });
    expect(later.refused).toEqual([critical, high]);
    expect(later.expired).toEqual([exception]);
    expect(judge(all, [{ ...exception, package: "zip" }], rule).refused).toEqual([critical, high]);
  });

  it.each([
    ["moderate", "medium"],
    ["HIGH", "high"],
    ["Negligible", "low"],
    ["new word", "unknown"],
  ])("reads %s as %s", (word, severity) => expect(severityOf(word)).toBe(severity));
});

describe("the report", () => {
  it("names what is refused, and why the rest is not", () => {
    const expired = { ...exception, id: "GHSA-9", until: "2026-01-01" };
    const verdict = judge([...all, finding("GHSA-5", "high", "a | b")], [exception, expired], rule);
    expect(verdictReport("npm packages", verdict, rule)).toBe(
      [
        "❌ **npm packages**: 2 vulnerabilities at high or above. Update, or accept for a time in `infra/commands/vulnerabilities/exceptions.json`.",
        "",
        "| severity | advisory | package | fixed in | where | what |",
        "| --- | --- | --- | --- | --- | --- |",
        "| critical | GHSA-1 | tar <7.5 | 7.5.0 |  | title of GHSA-1 |",
        "| high | GHSA-5 | tar <7.5 | a \\| b |  | title of GHSA-5 |",
        "",
        "- accepted until 2026-11-29: GHSA-2 of tar: we unpack our own files",
        "- accepted no more since 2026-01-01: GHSA-9 of tar; remove it from `infra/commands/vulnerabilities/exceptions.json`, or look again",
        "- 1 vulnerability at high or above without a fix yet",
        "- 1 vulnerability below high",
      ].join("\n"),
    );
  });

  it("is one line where there is nothing", () => {
    expect(verdictReport("npm packages", judge([], [], rule), rule)).toBe(
      "✅ **npm packages**: nothing to refuse at high or above.",
    );
  });
});

it("takes the exceptions of this repository", () => {
  expect(readExceptions()).toEqual(expect.any(Array));
});

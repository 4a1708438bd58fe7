import { textTable } from "@updraft/contracts/text-table";
import type { Verdict } from "./judge.ts";

/** The verdicts of a stack as JSON has them. */
export function reportOf(stack: string, verdicts: readonly Verdict[]) {
  return {
    stack,
    rules: verdicts.map(({ rule, level, violations, excepted }) => ({
      rule: rule.name,
      level,
      verdict: wordOf({ level, violations }),
      what: rule.what,
      why: rule.why,
      violations: violations.map(({ where, problem, fix }) => ({ where, problem, fix })),
      excepted: excepted.map(({ violation, reason }) => ({ where: violation.where, reason })),
    })),
  };
}

/** The verdicts as a table: a row for each rule, or for each place where it is not kept. */
export function reportTable(verdicts: readonly Verdict[]): string {
  return textTable([["rule", "verdict", "where", "what to do"], ...verdicts.flatMap(rowsOf)]);
}

function rowsOf({ rule, level, violations, excepted }: Verdict): string[][] {
  const word = wordOf({ level, violations });
  const rows = [
    ...violations.map(({ where, problem, fix }) => [word, where, `${problem}; ${fix}`]),
    ...excepted.map(({ violation, reason }) => ["excepted", violation.where, reason]),
  ];
  const first = violations.length === 0 ? [[word, "", ""]] : [];
  return [...first, ...rows].map((row, index) => [index === 0 ? rule.name : "", ...row]);
}

/** How many rules are kept, and how many are not. */
export function summaryLine(stack: string, verdicts: readonly Verdict[]): string {
  const count = (...words: string[]) =>
    verdicts.filter((verdict) => words.includes(wordOf(verdict))).length;
  const parts = [
    `${count("passed")} of ${verdicts.length} rules are kept`,
    ...(count("advice") > 0 ? [`${count("advice")} advise`] : []),
    ...(count("disabled") > 0 ? [`${count("disabled")} are disabled`] : []),
    ...(count("violated") > 0 ? [`${count("violated")} would stop an update`] : []),
  ];
  return `${stack}: ${parts.join(", ")}`;
}

function wordOf({ level, violations }: Pick<Verdict, "level" | "violations">): string {
  if (level === "disabled") return "disabled";
  if (violations.length === 0) return "passed";
  return level === "mandatory" ? "violated" : "advice";
}

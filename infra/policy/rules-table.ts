import type { Rule } from "./rule.ts";

/** The rules as a table of Markdown, as docs/policy.md has it. */
export function rulesTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ name, severity, what, why }) => [`\`${name}\``, severity, what, why]);
  const table = [["rule", "severity", "what must be true", "why"], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = table;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(head), line(rule), ...body.map(line)].join("\n");
}

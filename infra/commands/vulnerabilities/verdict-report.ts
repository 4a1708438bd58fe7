import { relative } from "node:path";
import { checkout } from "../../checkout.ts";
import { exceptionsFile } from "./exceptions.ts";
import type { Finding, Rule, Verdict } from "./findings.ts";

/**
 * What was found, in Markdown: what is refused first, one line for each.
 * @param subject what was looked at, such as `npm packages`
 */
export function verdictReport(subject: string, verdict: Verdict, { level }: Rule): string {
  const { refused, accepted, unfixed, below, expired } = verdict;
  const file = relative(checkout, exceptionsFile);
  const headline =
    refused.length === 0
      ? `✅ **${subject}**: nothing to refuse at ${level} or above.`
      : `❌ **${subject}**: ${count(refused)} at ${level} or above. Update, or accept for a time in \`${file}\`.`;
  const notes = [
    ...accepted.map(
      ({ finding, exception }) =>
        `- accepted until ${exception.until}: ${named(finding)}: ${exception.reason}`,
    ),
    ...expired.map(
      ({ id, package: name, until }) =>
        `- accepted no more since ${until}: ${id} of ${name}; remove it from \`${file}\`, or look again`,
    ),
    ...(unfixed.length === 0 ? [] : [`- ${count(unfixed)} at ${level} or above without a fix yet`]),
    ...(below.length === 0 ? [] : [`- ${count(below)} below ${level}`]),
  ];
  return [headline, table(refused), notes.join("\n")].filter((part) => part !== "").join("\n\n");
}

function table(findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const rows = findings.map(({ id, package: name, version, severity, title, fixedIn, where }) =>
    row([severity, id, `${name} ${version}`, fixedIn ?? "none", where ?? "", title]),
  );
  const head = ["severity", "advisory", "package", "fixed in", "where", "what"];
  return [row(head), row(head.map(() => "---")), ...rows].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

function named({ id, package: name, where }: Finding): string {
  return `${id} of ${name}${where === undefined ? "" : ` in ${where}`}`;
}

function count(findings: readonly Finding[]): string {
  return findings.length === 1 ? "1 vulnerability" : `${findings.length} vulnerabilities`;
}

import type { Exception } from "./exceptions.ts";

/** How bad a vulnerability is, from harmless on. */
export const severities = ["unknown", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

/** A vulnerability in something that is used here. */
export interface Finding {
  /** Of the advisory: `GHSA-…` or `CVE-…`. */
  readonly id: string;
  readonly package: string;
  /** Version, or range of versions, that has it. */
  readonly version: string;
  readonly severity: Severity;
  readonly title: string;
  /** The version that has it no more; nothing where there is none yet. */
  readonly fixedIn?: string;
  /** What it was found in, such as an image. */
  readonly where?: string;
}

/** What is refused, and why the rest is not. */
export interface Verdict {
  readonly refused: readonly Finding[];
  /** At or above the level, and accepted until a day that is still to come. */
  readonly accepted: readonly { readonly finding: Finding; readonly exception: Exception }[];
  /** At or above the level, without a version that is better. */
  readonly unfixed: readonly Finding[];
  /** Below the level. */
  readonly below: readonly Finding[];
  /** Exceptions whose day has passed: what they accepted is refused again. */
  readonly expired: readonly Exception[];
}

/** From when on a finding is refused. */
export interface Rule {
  readonly level: Severity;
  /** Whether also what nobody has a better version of. */
  readonly withUnfixed: boolean;
  /** ISO 8601, in UTC, such as `2026-11-29`. */
  readonly today: string;
}

/** Judges what was found. */
export function judge(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  { level, withUnfixed, today }: Rule,
): Verdict {
  const isBelow = ({ severity }: Finding) =>
    severities.indexOf(severity) < severities.indexOf(level);
  const valid = exceptions.filter(({ until }) => until >= today);
  const serious = findings.filter((finding) => !isBelow(finding));
  const exceptionOf = (finding: Finding) =>
    valid.find(({ id, package: name }) => id === finding.id && name === finding.package);
  const open = serious.filter((finding) => exceptionOf(finding) === undefined);
  const isUnfixed = ({ fixedIn }: Finding) => !withUnfixed && fixedIn === undefined;
  return {
    refused: open.filter((finding) => !isUnfixed(finding)),
    accepted: serious.flatMap((finding) => {
      const exception = exceptionOf(finding);
      return exception === undefined ? [] : [{ finding, exception }];
    }),
    unfixed: open.filter(isUnfixed),
    below: findings.filter(isBelow),
    expired: exceptions.filter(({ until }) => until < today),
  };
}

/**
 * A word for a severity, whoever says it.
 * @returns `unknown` of a word that is none
 */
export function severityOf(word: string): Severity {
  const lower = word.toLowerCase();
  if (lower === "moderate") return "medium";
  if (lower === "negligible" || lower === "info") return "low";
  return severities.find((severity) => severity === lower) ?? "unknown";
}

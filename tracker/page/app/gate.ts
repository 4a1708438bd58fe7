import { tagValue, type Pair } from "./data/runs.ts";

/** One rule of the gate as it was applied. */
export interface GateRule {
  readonly rule: string;
  readonly value: number;
  readonly limit: number;
  readonly verdict: string;
  readonly reason?: string | undefined;
}

/** What the gate said, as far as is known. */
export interface GateNote {
  readonly verdict: string;
  readonly rules: readonly GateRule[];
}

/** Tags in which the trainer says how a run ended. */
export const gateTags = {
  verdict: "updraft.gate",
  table: "updraft.gate.table",
  failure: "updraft.failure",
  digest: "updraft.digest",
  datasetDigest: "updraft.datasetDigest",
} as const;

/** What the tags of a run or of a version say of the gate. */
export function gateOf(tags: readonly Pair[] | undefined): GateNote | undefined {
  return parseGate(tagValue(tags, gateTags.verdict), tagValue(tags, gateTags.table));
}

/**
 * The gate's verdict from the bare word or the report as JSON, its rules from that or from the
 * table for a terminal.
 */
export function parseGate(value?: string, table?: string): GateNote | undefined {
  if (value === undefined) return undefined;
  if (value === "passed" || value === "failed") {
    return { verdict: value, rules: table ? rulesInTable(table) : [] };
  }
  return gateReport(jsonIn(value));
}

/** A gate's report, if that is one. */
export function gateReport(report: unknown): GateNote | undefined {
  const { verdict, rules } = (report ?? {}) as Partial<GateNote>;
  if (typeof verdict !== "string" || !Array.isArray(rules)) return undefined;
  return { verdict, rules: rules.filter(isRule) };
}

/** The rules in a table as `rule  value  limit  verdict`, columns parted by two spaces or more. */
export function rulesInTable(table: string): GateRule[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s{2,}/))
    .map(([rule = "", value, limit, verdict = ""]) => ({
      rule,
      value: Number(value),
      limit: Number(limit),
      verdict,
    }))
    .filter(isRule);
}

/** Why there is no release: what the trainer says, or else the rules that did not hold. */
export function failureReason(tags: readonly Pair[] | undefined): string | undefined {
  const said = tagValue(tags, gateTags.failure);
  // The table has a place of its own on the page.
  if (said) return said.replace(tagValue(tags, gateTags.table) ?? "", "").trim();
  const broken = gateOf(tags)?.rules.filter(({ verdict }) => verdict === "failed") ?? [];
  const reasons = broken.flatMap(({ reason }) => reason ?? []);
  return reasons.length > 0 ? reasons.join(" ") : undefined;
}

function isRule(rule: unknown): rule is GateRule {
  const { rule: name, value, limit, verdict } = (rule ?? {}) as Partial<GateRule>;
  return (
    typeof name === "string" &&
    Number.isFinite(value) &&
    Number.isFinite(limit) &&
    (verdict === "passed" || verdict === "failed")
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

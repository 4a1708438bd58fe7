import { GateReport, type RuleResult, Verdict } from "@updraft/contracts/gate";
import type { Tag } from "../store/experiments.ts";

/** Tags in which the trainer says how a run ended. */
export const wellKnownTags = {
  /** `passed` or `failed`, or the whole report as JSON. */
  gate: "updraft.gate",
  /** The gate's rules as a table for a terminal. */
  gateTable: "updraft.gate.table",
  /** Why there is no release, in words. */
  failure: "updraft.failure",
  /** The package's digest. */
  digest: "updraft.digest",
  datasetDigest: "updraft.datasetDigest",
} as const;

/** What the gate said, as far as the tags tell. */
export interface GateNote {
  readonly verdict: Verdict;
  readonly rules: readonly RuleResult[];
}

/** The gate's verdict in a tag's value, which is the bare word or the report. */
export function parseGate(value: string | undefined): GateNote | undefined {
  if (value === undefined) return undefined;
  const word = Verdict.safeParse(value);
  if (word.success) return { verdict: word.data, rules: [] };
  const report = GateReport.safeParse(jsonIn(value));
  return report.success ? report.data : undefined;
}

/** Why there is no release: what the trainer says, or else the rules that did not hold. */
export function failureReason(tags: readonly Tag[]): string | undefined {
  const said = tagValue(tags, wellKnownTags.failure);
  // The table has a place of its own on the page.
  if (said) return said.replace(tagValue(tags, wellKnownTags.gateTable) ?? "", "").trim();
  const gate = parseGate(tagValue(tags, wellKnownTags.gate));
  const broken = gate?.rules.filter(({ verdict }) => verdict === "failed") ?? [];
  return broken.length > 0 ? broken.map(({ reason }) => reason).join(" ") : undefined;
}

/** The value of a tag. */
export function tagValue(tags: readonly Tag[], key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

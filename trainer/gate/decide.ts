import type { GateReport, GateRules } from "@updraft/contracts/gate";
import type { Digest } from "@updraft/contracts/digest";
import type { Examples } from "@updraft/models/dataset";
import type { ModelRegistry } from "../tracking/tracking.ts";
import { measureChampion } from "./champion.ts";
import { applyGate, type Candidate } from "./gate.ts";

/** A package that wants to serve, as the gate sees it. */
export interface Applicant extends Candidate {
  readonly model: string;
  readonly digest: Digest;
}

/**
 * Lets the gate decide on a package. The champion is asked for and measured on the same test split
 * only if a rule needs it.
 */
export async function decideGate(
  rules: GateRules,
  applicant: Applicant,
  test: Examples,
  registry: ModelRegistry,
  signal: AbortSignal,
): Promise<GateReport> {
  if (rules.maxRegression === undefined) return applyGate(rules, applicant, undefined);
  const version = await registry.versionOf(applicant.model, "champion");
  const champion = version && (await measureChampion(version, test, applicant, signal));
  return applyGate(rules, applicant, champion);
}

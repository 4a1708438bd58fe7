import type { GateReport, GateRules } from "@updraft/contracts/gate";
import { messageOf } from "@updraft/contracts/message-of";
import type { Examples } from "@updraft/models/dataset";
import type { Logger } from "pino";
import type { ModelRegistry } from "../tracking/tracking.ts";
import { measureChampion, type Contender, type MeasuredChampion } from "./champion.ts";
import { applyGate } from "./gate.ts";

/** A package that wants to serve, as the gate sees it. */
export interface Applicant extends Contender {
  readonly model: string;
  readonly latencyP95Ms: number;
}

/** What the gate works with. */
export interface GateSurroundings {
  readonly registry: ModelRegistry;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What the gate said, and whom it has compared with. */
export interface Decision {
  readonly gate: GateReport;
  /** The version that serves; none if none does, or it cannot be measured and no rule needs it. */
  readonly champion: MeasuredChampion | undefined;
}

/**
 * Lets the gate decide on a package. The champion is measured on the same test split.
 * @throws if it cannot be measured, and a rule needs it
 */
export async function decideGate(
  rules: GateRules,
  applicant: Applicant,
  test: Examples,
  surroundings: GateSurroundings,
): Promise<Decision> {
  const champion = await championOf(rules, applicant, test, surroundings);
  return { gate: applyGate(rules, applicant, champion), champion };
}

async function championOf(
  { maxRegression }: GateRules,
  applicant: Applicant,
  test: Examples,
  { registry, signal, log }: GateSurroundings,
): Promise<MeasuredChampion | undefined> {
  const version = await registry.versionOf(applicant.model, "champion");
  if (!version) return undefined;
  try {
    return await measureChampion(version, test, applicant, signal);
  } catch (error) {
    signal.throwIfAborted();
    const problem = `champion version ${version.version} cannot be measured, so`;
    if (maxRegression === undefined) {
      log.warn(`${problem} nothing is compared with it: ${messageOf(error)}`);
      return undefined;
    }
    throw new Error(`${problem} the rule maxRegression cannot be decided: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

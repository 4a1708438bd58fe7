import type { Comparison } from "@updraft/contracts/evidence";
import type { GateReport, GateRules } from "@updraft/contracts/gate";
import type { Interval } from "@updraft/contracts/interval";
import { messageOf } from "@updraft/contracts/message-of";
import { comparingRules, mainMeasures } from "@updraft/contracts/rule-facts";
import type { Examples } from "@updraft/models/dataset";
import type { Logger } from "pino";
import type { Evaluator, Spread } from "../evaluation/evaluator.ts";
import type { ModelRegistry } from "../tracking/tracking.ts";
import { measureChampion, type Contender, type MeasuredChampion } from "./champion.ts";
import type { DataFindings } from "./data-findings.ts";
import { applyGate } from "./gate.ts";

/** A package that wants to serve, as the gate sees it. */
export interface Applicant extends Contender {
  readonly model: string;
  readonly data: DataFindings;
}

/** What the gate works with. */
export interface GateSurroundings {
  readonly evaluator: Evaluator;
  readonly registry: Pick<ModelRegistry, "versionOf">;
  /** What the intervals follow from. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** What the gate said, and how sure it is what was measured. */
export interface Decision {
  readonly gate: GateReport;
  readonly intervals: Readonly<Record<string, Interval>>;
  /**
   * Beside the version that serves; none if none does, or it cannot be measured and no rule needs
   * it.
   */
  readonly comparison: Comparison | undefined;
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
  const { evaluator, seed } = surroundings;
  const champion = await championOf(rules, applicant, test, surroundings);
  const spread = evaluator.spread(applicant.answers, champion?.answers, test, seed);
  const mainMeasure = mainMeasures[evaluator.task];
  const gate = applyGate(rules, { ...applicant, mainMeasure, spread }, champion);
  return { gate, intervals: spread.intervals, comparison: comparisonOf(champion, spread) };
}

function comparisonOf(
  champion: MeasuredChampion | undefined,
  { differences }: Spread,
): Comparison | undefined {
  if (!champion || !differences) return undefined;
  const { version, digest, metrics } = champion;
  return { version, digest, metrics, differences };
}

async function championOf(
  rules: GateRules,
  applicant: Applicant,
  test: Examples,
  { evaluator, registry, signal, log }: GateSurroundings,
): Promise<MeasuredChampion | undefined> {
  const version = await registry.versionOf(applicant.model, "champion");
  if (!version) return undefined;
  try {
    return await measureChampion(version, test, applicant, evaluator, signal);
  } catch (error) {
    signal.throwIfAborted();
    const problem = `champion version ${version.version} cannot be measured, so`;
    const needing = comparingRules.filter((rule) => rules[rule] !== undefined);
    if (needing.length === 0) {
      log.warn(`${problem} nothing is compared with it: ${messageOf(error)}`);
      return undefined;
    }
    const named = `the rule${needing.length === 1 ? "" : "s"} ${needing.join(", ")}`;
    throw new Error(`${problem} ${named} cannot be decided: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

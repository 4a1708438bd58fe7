import type { Card } from "@updraft/contracts/card";
import type { FileContents } from "@updraft/contracts/artifact-store";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import { mainMeasures } from "@updraft/contracts/rule-facts";
import type { PreparedData } from "../data/prepare.ts";
import { evidenceLine, intervalMetrics, type Evidence } from "../evaluation/evidence.ts";
import { evaluatorOf } from "../evaluation/evaluator.ts";
import { judgeNetwork, type Judged, type Judgement } from "../evaluation/judge.ts";
import { evaluationReport } from "../evaluation/report.ts";
import { dataFindings } from "../gate/data-findings.ts";
import { decideGate } from "../gate/decide.ts";
import { GateFailedError } from "../outcome.ts";
import { publishPatiently } from "../packaging/publish-patiently.ts";
import type { Settings } from "../settings/settings.ts";
import { promotionTags } from "../tracking/promotion-tags.ts";
import { previousVersion, releaseVersion } from "../tracking/release-version.ts";
import type { Work } from "./in-run.ts";

/** What of a card is known before the package is judged. */
export type Origin = Pick<Card, "lineage" | "baseline" | "promotedFrom">;

/** A network that wants to be released. */
export interface Candidate extends Judged {
  readonly origin: Origin;
  /** Where it comes from, for people: `promoted from dev, version 3`. */
  readonly from?: string | undefined;
}

/** What was found out about a candidate. */
interface Verdict extends Evidence {
  readonly judged: Judgement;
  /** The files under `evaluation/`. */
  readonly report: FileContents;
  readonly gate: GateReport;
}

/** Takes a candidate through test, gate and registration. */
export async function releasePackage(
  settings: Settings,
  data: PreparedData,
  candidate: Candidate,
  work: Work,
): Promise<Release> {
  const { run, tracking } = work;
  const found = await judge(settings, data, candidate, work);
  const { judged, gate, intervals, comparison, report } = found;
  const { metrics, signature } = judged;
  const card = cardOf(settings.definition.name, { metrics, intervals, gate }, candidate.origin);
  const content = { ...candidate.network, signature, card, evaluation: report };
  const published = await publishPatiently(content, settings.outagePatience, work);
  await run.logFiles({ ...report, "evaluation/gate.json": `${JSON.stringify(gate)}\n` });
  const datasetDigest = data.snapshot.digest;
  const version = await releaseVersion(tracking.registry, card, published, {
    runId: run.id,
    datasetDigest,
    stack: settings.stack,
    tags: settings.source ? promotionTags(settings.source) : {},
    from: candidate.from,
  });
  run.noteTags({ "updraft.version": version });
  if (gate.verdict === "failed") throw new GateFailedError(gate);

  const { model, lineage, promotedFrom, createdAt: releasedAt } = card;
  const previous = await previousVersion(tracking.registry, model, version, settings.stack);
  return {
    model,
    version,
    ...published,
    runId: run.id,
    ...(run.experimentId ? { experimentId: run.experimentId } : {}),
    datasetDigest,
    metrics,
    gate,
    intervals,
    ...(comparison ? { comparison } : {}),
    releasedAt,
    lineage,
    ...(previous ? { previous } : {}),
    ...(promotedFrom ? { promotedFrom } : {}),
  };
}

/** The card of a package that is judged now. */
export function cardOf(
  model: string,
  verdict: Pick<Card, "metrics" | "gate" | "intervals">,
  origin: Origin,
): Card {
  return { model, createdAt: new Date().toISOString(), ...verdict, ...origin };
}

/** Tests a candidate, lets the gate decide on it, and notes in the run what came of it. */
async function judge(
  { definition, gate: rules, seed }: Settings,
  { splits: { test }, quality }: PreparedData,
  candidate: Candidate,
  { run, tracking: { registry }, signal, log, say }: Work,
): Promise<Verdict> {
  const evaluator = evaluatorOf(definition);
  const judged = await judgeNetwork(definition, evaluator, candidate, test, signal);
  const applicant = { ...judged, model: definition.name, data: dataFindings(quality) };
  const surroundings = { evaluator, registry, seed, signal, log };
  const { gate, ...evidence } = await decideGate(rules, applicant, test, surroundings);
  const { metrics, digest } = judged;
  const main = mainMeasures[evaluator.task];
  say(evidenceLine(evidence, [main, metrics[main] ?? 0]));
  run.noteMetrics(candidate.history?.bestEpoch ?? 0, {
    ...metrics,
    ...intervalMetrics(evidence.intervals),
  });
  run.noteTags({
    "updraft.digest": digest,
    "updraft.gate": gate.verdict,
    "updraft.gate.table": gateTable(gate),
  });
  const report = await evaluationReport(evaluator, candidate.history, judged, test);
  return { judged, gate, report, ...evidence };
}

import type { Card } from "@updraft/contracts/card";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import type { Release } from "@updraft/contracts/release";
import type { PreparedData } from "../data/prepare.ts";
import { judgeNetwork, type Judged, type Judgement } from "../evaluation/judge.ts";
import { decideGate } from "../gate/decide.ts";
import { GateFailedError } from "../outcome.ts";
import { publishPackage } from "../packaging/publish.ts";
import type { Settings } from "../settings/settings.ts";
import { promotionTags } from "../tracking/promotion-tags.ts";
import { releaseVersion } from "../tracking/release-version.ts";
import type { TrackedRun } from "../tracking/tracking.ts";
import type { Work } from "./in-run.ts";

/** What of a card is known before the package is judged. */
export type Origin = Pick<Card, "lineage" | "baseline" | "promotedFrom">;

/** A network that wants to be released. */
export interface Candidate extends Judged {
  readonly origin: Origin;
  /** Where it comes from, for people: `promoted from dev, version 3`. */
  readonly from?: string | undefined;
}

/** Takes a candidate through test, gate and registration. */
export async function releasePackage(
  settings: Settings,
  data: PreparedData,
  candidate: Candidate,
  work: Work,
): Promise<Release> {
  const { definition, gate: rules, source } = settings;
  const { run, store, tracking, signal } = work;
  const model = definition.name;

  const { test } = data.splits;
  const judged = await judgeNetwork(definition, candidate, test, signal);
  const gate = await decideGate(rules, { ...judged, model }, test, tracking.registry, signal);
  noteVerdict(candidate, judged, gate, run);

  const { metrics, signature, report } = judged;
  const card = cardOf(model, { metrics, gate }, candidate.origin);
  const content = { ...candidate.network, signature, card, evaluation: report };
  const published = await publishPackage(store, content);
  await run.logFiles({ ...report, "evaluation/gate.json": `${JSON.stringify(gate)}\n` });
  const datasetDigest = data.snapshot.digest;
  const version = await releaseVersion(tracking.registry, card, published, {
    runId: run.id,
    datasetDigest,
    stack: settings.stack,
    tags: source ? promotionTags(source) : {},
    from: candidate.from,
  });
  run.noteTags({ "updraft.version": version });
  if (gate.verdict === "failed") throw new GateFailedError(gate);

  const { lineage, promotedFrom, createdAt: releasedAt } = card;
  return {
    model,
    version,
    ...published,
    runId: run.id,
    ...(run.experimentId ? { experimentId: run.experimentId } : {}),
    datasetDigest,
    metrics,
    gate,
    releasedAt,
    lineage,
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

function noteVerdict(
  { history }: Judged,
  { metrics, digest }: Judgement,
  gate: GateReport,
  run: TrackedRun,
): void {
  run.noteMetrics(history?.bestEpoch ?? 0, metrics);
  run.noteTags({
    "updraft.digest": digest,
    "updraft.gate": gate.verdict,
    "updraft.gate.table": gateTable(gate),
  });
}

import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Comparison } from "@updraft/contracts/evidence";
import { gateTable, type GateReport } from "@updraft/contracts/gate";
import type { Interval } from "@updraft/contracts/interval";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { mainMeasures } from "@updraft/contracts/rule-facts";
import { checkedData, type CheckedData } from "../data/prepare.ts";
import { evaluationTable } from "../evaluation/evaluation-table.ts";
import { evaluatorOf } from "../evaluation/evaluator.ts";
import { evidenceLine, intervalMetrics } from "../evaluation/evidence.ts";
import { judgeNetwork } from "../evaluation/judge.ts";
import { evaluationReport } from "../evaluation/report.ts";
import { dataFindings } from "../gate/data-findings.ts";
import { decideGate } from "../gate/decide.ts";
import { findPackage, type FoundPackage } from "../packaging/find-package.ts";
import { fitProblem } from "../promotion/source-problems.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import type { Tracking } from "../tracking/tracking.ts";
import { downloadOptions, inRun, openPlace, type Surroundings } from "./in-run.ts";
import { paramsOf } from "./steps.ts";

/** What was found out about a package that is there already. */
export interface EvaluatedPackage {
  readonly model: string;
  /** The version of the registry that it is, if it is one. */
  readonly version?: string;
  readonly digest: string;
  readonly uri: string;
  readonly datasetDigest: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, Interval>>;
  readonly comparison?: Comparison;
  readonly gate: GateReport;
  /** Only if it was asked to be recorded. */
  readonly runId?: string;
}

/**
 * Judges a package that is there already, as `train` would judge it: a dry run, which registers
 * nothing, moves nothing and writes nothing, but a run of the tracker if that is asked for.
 * @throws {SettingsError} if there is no such package
 */
export async function evaluate(
  settings: Settings,
  surroundings: Surroundings,
): Promise<EvaluatedPackage> {
  const { storeUri, trackingUri, outagePatience, definition, dataset } = settings;
  const store = openArtifactStore(storeUri);
  const tracking = openTracking({ trackingUri, outagePatience, store, ...surroundings });
  const { say } = surroundings;
  const found = await packageIn(settings, store, tracking);
  const { content, version } = found;
  const called = version === undefined ? "" : `, version ${version}`;
  say(`package ${content.digest} of ${definition.name}${called}`);
  const data = await checkedData(settings, tracking, downloadOptions(surroundings));
  const { splits } = data;
  const counts = [splits.train, splits.validation, splits.test].map(({ count }) =>
    count.toLocaleString("en-US"),
  );
  say(`data ${dataset}: ${counts.join(" + ")} examples, ${data.digest}`);
  const seen = seenBefore(found, data, settings);
  if (seen !== undefined) say(seen);
  const evaluated = await judged(settings, found, data, { ...surroundings, tracking });
  return settings.log ? recorded(settings, evaluated, surroundings) : evaluated;
}

/** @throws {SettingsError} if none is named, there is none, or it is another model's */
async function packageIn(
  { packageName, definition, log, trackingUri }: Settings,
  store: ReturnType<typeof openArtifactStore>,
  { registry }: Tracking,
): Promise<FoundPackage> {
  const problems: string[] = [];
  if (packageName === undefined) {
    problems.push(
      "TRAINER_PACKAGE is not set: say what to evaluate, as --package champion, a version, a digest, or the address of a package's folder",
    );
  }
  if (log && trackingUri === undefined) {
    problems.push("--log: there is no tracker to log to; set MLFLOW_TRACKING_URI to its address");
  }
  if (packageName === undefined || problems.length > 0) throw new SettingsError(problems);
  const { name } = definition;
  const found = await findPackage(packageName, name, { store, registry });
  if (!found) {
    throw new SettingsError([
      `TRAINER_PACKAGE ${packageName}: there is no such package of ${name}; name a version, champion, challenger, a digest, or the address of a package's folder`,
    ]);
  }
  const problem = fitProblem(found.content, definition);
  if (problem !== undefined)
    throw new SettingsError([`TRAINER_PACKAGE ${packageName}: ${problem}`]);
  return found;
}

/** What to know if test examples are among those that the package was trained on. */
function seenBefore(
  { content }: FoundPackage,
  { digest }: CheckedData,
  { seed }: Settings,
): string | undefined {
  const { lineage } = content.card;
  if (lineage.datasetDigest !== digest || lineage.seed === seed) return undefined;
  return `it was trained on this data with seed ${lineage.seed}, and is judged by the test split of seed ${seed}: where the data has no test split of its own, it has seen some of these examples; --seed ${lineage.seed} judges it by those that it has not`;
}

async function judged(
  settings: Settings,
  { content, version }: FoundPackage,
  { splits: { test }, quality, digest: datasetDigest }: CheckedData,
  { tracking, signal, log, say }: Surroundings & { readonly tracking: Tracking },
): Promise<EvaluatedPackage> {
  const { definition, gate: rules, seed, out } = settings;
  const evaluator = evaluatorOf(definition);
  const { signature } = content;
  const packed = { network: content, signature };
  const found = await judgeNetwork(definition, evaluator, packed, test, signal);
  const { metrics } = found;
  // What is there counts, also where this program would write its signature otherwise.
  const { digest } = content;
  const applicant = { ...found, digest, model: definition.name, data: dataFindings(quality) };
  const surroundings = { evaluator, registry: tracking.registry, seed, signal, log };
  const { gate, ...evidence } = await decideGate(rules, applicant, test, surroundings);
  const main = mainMeasures[evaluator.task];
  say(evidenceLine(evidence, [main, metrics[main] ?? 0]));
  say(evaluationTable(metrics, evidence));
  say(gateTable(gate));
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    const report = await evaluationReport(evaluator, undefined, found, test);
    for (const [path, file] of Object.entries(report)) {
      await writeFile(join(out, basename(path)), file);
    }
    say(`report ${pathToFileURL(out).href}`);
  }
  const { intervals, comparison } = evidence;
  return {
    model: definition.name,
    ...(version === undefined ? {} : { version }),
    digest,
    uri: content.uri,
    datasetDigest,
    metrics,
    intervals,
    ...(comparison ? { comparison } : {}),
    gate,
  };
}

/** Leaves a run of its own in the tracker. */
async function recorded(
  settings: Settings,
  evaluated: EvaluatedPackage,
  surroundings: Surroundings,
): Promise<EvaluatedPackage> {
  const { dataset, seed } = settings;
  const { digest, datasetDigest, metrics, intervals, gate } = evaluated;
  const place = await openPlace(settings, surroundings);
  const params = paramsOf({ dataset, seed, package: digest });
  return inRun(settings, place, { params }, async ({ run }) => {
    run.noteMetrics(0, { ...metrics, ...intervalMetrics(intervals) });
    run.noteTags({
      "updraft.evaluated": digest,
      "updraft.datasetDigest": datasetDigest,
      "updraft.gate": gate.verdict,
      "updraft.gate.table": gateTable(gate),
    });
    return { ...evaluated, runId: run.id };
  });
}

/** The verdict as a line for people. */
export function verdictLine({ model, version, digest, gate }: EvaluatedPackage): string {
  const called = version === undefined ? digest : `version ${version} (${digest})`;
  if (gate.verdict === "passed") return `${model} ${called} would pass the gate`;
  const reasons = gate.rules.filter(({ verdict }) => verdict === "failed");
  return `${model} ${called} would not pass the gate: ${reasons.map(({ reason }) => reason).join("; ")}`;
}

import { packageDigest } from "@updraft/contracts/model-package";
import type { PromotionSource } from "@updraft/contracts/promotion-source";
import type { Release } from "@updraft/contracts/release";
import { exampleProblem } from "../promotion/answers-example.ts";
import { readSource, type SourcePackage } from "../promotion/read-source.ts";
import { releaseName } from "../promotion/release-name.ts";
import { ageProblem, packageProblem, sourceProblems } from "../promotion/source-problems.ts";
import { takenOver } from "../promotion/taken-over.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { inRun, openPlace, type Surroundings, type Work } from "./in-run.ts";
import { releasePackage, type Origin } from "./release-package.ts";
import { dataInRun } from "./run-data.ts";
import { paramsOf } from "./steps.ts";

/**
 * Takes over the package that another stack has released, if it passes the test and the gate here
 * too. Its bytes stay as they are.
 * @throws {SettingsError} if the release is none that may be taken over
 * @throws {RunFailedError} with the reason, once there is a run, which is closed with it
 */
export async function promote(settings: Settings, surroundings: Surroundings): Promise<Release> {
  const source = sourceIn(settings);
  const place = await openPlace(settings, surroundings);
  const params = paramsOf({ dataset: settings.dataset, seed: settings.seed });
  return inRun(settings, place, { params }, async (work) => {
    const taken = await takeSource(settings, source, work);
    const origin = originOf(source, taken);
    work.run.noteParams(paramsOf(origin.lineage.hyperparameters));
    const data = await dataInRun(settings, work);
    const { content, history } = taken;
    const { model, weights, signature } = content;
    const from = `promoted from ${releaseName(source)}`;
    const candidate = { network: { model, weights }, history, signature, origin, from };
    return releasePackage(settings, data, candidate, work);
  });
}

/** The release that is taken over. @throws {SettingsError} with every problem at once */
function sourceIn({ source, definition }: Settings): PromotionSource {
  if (source === undefined) {
    throw new SettingsError([
      'TRAINER_SOURCE is not set: say what to take over, as {"stack": "dev", "release": {…}}',
    ]);
  }
  const problems = sourceProblems(source, definition.name);
  if (problems.length > 0) throw new SettingsError(problems);
  return source;
}

/** Reads the package and makes sure that it may be taken over. */
async function takeSource(
  { definition, sourceVariables: variables = {}, sourceBundle: bundle }: Settings,
  source: PromotionSource,
  { tracking, log, say }: Work,
): Promise<SourcePackage> {
  const champion = await tracking.registry.versionOf(definition.name, "champion");
  const age = ageProblem(source, champion && (await takenOver(champion, log)));
  if (age !== undefined) throw refusal(source, age);
  const taken = await readSource(source, { variables, bundle });
  const { content } = taken;
  const problem =
    packageProblem(content, definition) ?? bytesProblem(content) ?? (await exampleProblem(content));
  if (problem !== undefined) throw refusal(source, problem);
  say(`package ${content.digest} of ${releaseName(source)}`);
  return taken;
}

/** A copy has the same bytes only if this program writes what it has read as it was. */
function bytesProblem(content: SourcePackage["content"]): string | undefined {
  const digest = packageDigest(content);
  if (digest === content.digest) return undefined;
  return `it was written by another version of the program, and a copy would be ${digest}; release it with this version`;
}

function refusal(source: PromotionSource, problem: string): Error {
  return new Error(`${releaseName(source)} cannot be promoted: ${problem}`);
}

/** What the card of a copy says of where it comes from. */
function originOf({ stack, release }: PromotionSource, { content }: SourcePackage): Origin {
  const { version, runId, releasedAt, metrics, gate, lineage } = release;
  const { card } = content;
  return {
    lineage: lineage ?? card.lineage,
    baseline: card.baseline,
    promotedFrom: {
      stack,
      version,
      runId,
      ...(releasedAt === undefined ? {} : { releasedAt }),
      metrics,
      gate,
    },
  };
}

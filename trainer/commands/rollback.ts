import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { readPackage, type LoadedPackage } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { messageOf } from "../outcome.ts";
import { SettingsError, type Settings } from "../settings/settings.ts";
import { openTracking } from "../tracking/open-tracking.ts";
import { previousVersion, stackTag } from "../tracking/release-version.ts";
import type { RegisteredVersion, Tracking } from "../tracking/tracking.ts";
import type { Surroundings } from "./in-run.ts";

/**
 * Lets a version serve again that the gate has let pass before. Nothing is trained or measured: its
 * release is what its card says.
 * @throws {SettingsError} if there is no such version, or it never passed
 */
export async function rollback(settings: Settings, surroundings: Surroundings): Promise<Release> {
  const { definition, storeUri, trackingUri, stack, reason } = settings;
  const store = openArtifactStore(storeUri);
  const tracking = openTracking({ trackingUri, store, ...surroundings });
  const { registry } = tracking;
  const model = definition.name;
  const found = await pinned(settings, tracking);
  const { version } = found;
  const content = await packageOf(model, found);
  requirePassed(settings, found, content);
  if (stack !== undefined) {
    await registry.setTags(model, version, { [stackTag(stack)]: new Date().toISOString() });
  }
  const why = reason === undefined ? "" : `: ${reason}`;
  await registry.setAlias(model, "champion", version, `rolled back to version ${version}${why}`);
  const previous = await previousVersion(registry, model, version, stack);
  return { ...(await releaseOf(found, content, tracking)), ...(previous ? { previous } : {}) };
}

/** @throws {SettingsError} if nothing is pinned, or there is no such version */
async function pinned(
  { pin, definition }: Settings,
  { registry }: Tracking,
): Promise<RegisteredVersion> {
  if (pin === undefined) {
    throw new SettingsError([
      "TRAINER_PIN is not set: say what is to serve again, a version such as 3 or a digest",
    ]);
  }
  const found = await registry.find(definition.name, pin);
  if (found) return found;
  throw new SettingsError([
    `TRAINER_PIN ${pin}: ${definition.name} has no such version in this registry; name one that it has`,
  ]);
}

async function packageOf(
  model: string,
  { version, digest, uri }: RegisteredVersion,
): Promise<LoadedPackage> {
  try {
    return await readPackage(uri, digest);
  } catch (error) {
    throw new Error(
      `${model} version ${version} cannot serve again: ${messageOf(error)}; roll back to another version`,
      { cause: error },
    );
  }
}

/**
 * A card says so of a package that has passed anywhere, and the version of what it met here last;
 * a stack has taken over only what had passed.
 * @throws {SettingsError} if the gate never let the version pass
 */
function requirePassed(
  { pin, definition }: Settings,
  { version, tags }: RegisteredVersion,
  { card }: LoadedPackage,
): void {
  const hasServed = Object.keys(tags).some((key) => key.startsWith(stackTag("")));
  const wasTurnedDown = tags["updraft.gate"] === "failed" && !hasServed;
  if (card.gate.verdict === "passed" && !wasTurnedDown) return;
  throw new SettingsError([
    `TRAINER_PIN ${pin}: the gate never let ${definition.name} version ${version} pass; name a version that it did let pass`,
  ]);
}

async function releaseOf(
  { version, digest, uri, runId: madeBy, tags }: RegisteredVersion,
  { card }: LoadedPackage,
  tracking: Tracking,
): Promise<Release> {
  const { model, metrics, gate, intervals, lineage, promotedFrom, createdAt: releasedAt } = card;
  const runId = madeBy ?? lineage.runId;
  const experimentId = await tracking.experimentOf(runId);
  return {
    model,
    version,
    digest,
    uri,
    runId,
    ...(experimentId === undefined ? {} : { experimentId }),
    // A package that was promoted was judged on other data than it was trained on.
    datasetDigest: tags["updraft.datasetDigest"] ?? lineage.datasetDigest,
    metrics,
    gate,
    ...(intervals ? { intervals } : {}),
    releasedAt,
    lineage,
    ...(promotedFrom ? { promotedFrom } : {}),
  };
}

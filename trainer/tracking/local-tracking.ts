import { randomUUID } from "node:crypto";
import { ArtifactNotFoundError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import type { ModelRegistry, RegisteredVersion, TrackedRun, Tracking } from "./tracking.ts";

/** What is known of the versions of a model, in one file of the store. */
const Records = z.strictObject({
  versions: z.array(
    z.strictObject({
      digest: Digest,
      uri: z.string(),
      runId: z.string(),
      tags: z.record(z.string(), z.string()).default({}),
    }),
  ),
  /** Versions by alias. */
  aliases: z.record(z.string(), z.string()),
});
type Records = z.infer<typeof Records>;

/**
 * Training without a tracker: versions and aliases are kept in the store, for one trainer at a
 * time; of a run only its id remains.
 */
export function createLocalTracking(store: ArtifactStore): Tracking {
  return {
    startRun: async ({ resume }) => untrackedRun(resume?.mayTakeOver ? resume.runId : undefined),
    trialsOf: async () => [],
    experimentOf: async () => undefined,
    registry: createLocalRegistry(store),
  };
}

function untrackedRun(id = randomUUID().replaceAll("-", "")): TrackedRun {
  return {
    id,
    experimentId: undefined,
    loggedEpochs: new Set(),
    noteMetrics() {},
    noteTags() {},
    noteParams() {},
    noteTrial() {},
    noteDataset() {},
    noteFiles() {},
    async logFiles() {},
    async end() {},
  };
}

function createLocalRegistry(store: ArtifactStore): ModelRegistry {
  const change = async (model: string, records: Records) =>
    store.write(pathOf(model), `${JSON.stringify(records, undefined, 2)}\n`);

  return {
    async versionOf(model, alias) {
      const records = await readRecords(store, model);
      const version = records.aliases[alias];
      return version === undefined ? undefined : versionIn(records, version);
    },

    async find(model, pin) {
      const records = await readRecords(store, model);
      return versionIn(records, numberOf(records, pin) ?? pin);
    },

    async withTag(model, tag) {
      const { versions } = await readRecords(store, model);
      return versions
        .map((version, index) => ({ version: String(index + 1), ...version }))
        .filter(({ tags }) => tag in tags);
    },

    async register(model, { digest, uri, runId, tags }) {
      const records = await readRecords(store, model);
      const known = numberOf(records, digest);
      if (known !== undefined) {
        await change(model, withTags(records, known, tags));
        return known;
      }
      const versions = [...records.versions, { digest, uri, runId, tags }];
      await change(model, { ...records, versions });
      return String(versions.length);
    },

    async setTags(model, version, tags) {
      await change(model, withTags(await readRecords(store, model), version, tags));
    },

    async setAlias(model, alias, version) {
      const records = await readRecords(store, model);
      await change(model, { ...records, aliases: { ...records.aliases, [alias]: version } });
    },

    async removeAlias(model, alias) {
      const records = await readRecords(store, model);
      const { [alias]: _removed, ...aliases } = records.aliases;
      await change(model, { ...records, aliases });
    },
  };
}

/** The version of a package. */
function numberOf({ versions }: Records, digest: string): string | undefined {
  const index = versions.findIndex((version) => version.digest === digest);
  return index < 0 ? undefined : String(index + 1);
}

function versionIn({ versions }: Records, version: string): RegisteredVersion | undefined {
  const found = versions[Number(version) - 1];
  return found && { version, ...found };
}

function withTags(
  { versions, ...rest }: Records,
  version: string,
  tags: Readonly<Record<string, string>>,
): Records {
  const changed = versions.map((one, index) =>
    String(index + 1) === version ? { ...one, tags: { ...one.tags, ...tags } } : one,
  );
  return { ...rest, versions: changed };
}

async function readRecords(store: ArtifactStore, model: string): Promise<Records> {
  try {
    return Records.parse(JSON.parse((await store.read(pathOf(model))).toString("utf8")));
  } catch (error) {
    if (error instanceof ArtifactNotFoundError) return { versions: [], aliases: {} };
    throw new Error(`${store.uriOf(pathOf(model))} is damaged; remove it to start anew`, {
      cause: error,
    });
  }
}

function pathOf(model: string): string {
  return `registry/${model}.json`;
}

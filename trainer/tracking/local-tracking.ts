import { randomUUID } from "node:crypto";
import { ArtifactNotFoundError, type ArtifactStore } from "@updraft/contracts/artifact-store";
import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import type { ModelRegistry, TrackedRun, Tracking } from "./tracking.ts";

/** What is known of the versions of a model, in one file of the store. */
const Records = z.strictObject({
  versions: z.array(z.strictObject({ digest: Digest, uri: z.string(), runId: z.string() })),
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
    startRun: async () => untrackedRun(),
    trialsOf: async () => [],
    registry: createLocalRegistry(store),
  };
}

function untrackedRun(): TrackedRun {
  return {
    id: randomUUID().replaceAll("-", ""),
    experimentId: undefined,
    noteMetrics() {},
    noteTags() {},
    noteParams() {},
    noteTrial() {},
    async logDataset() {},
    async logFiles() {},
    async end() {},
  };
}

function createLocalRegistry(store: ArtifactStore): ModelRegistry {
  const change = async (model: string, records: Records) =>
    store.write(pathOf(model), `${JSON.stringify(records, undefined, 2)}\n`);

  return {
    async versionOf(model, alias) {
      const { versions, aliases } = await readRecords(store, model);
      const version = aliases[alias];
      const found = version === undefined ? undefined : versions[Number(version) - 1];
      if (version === undefined || !found) return undefined;
      return { version, digest: found.digest, uri: found.uri };
    },

    async register(model, { digest, uri, runId }) {
      const records = await readRecords(store, model);
      const known = records.versions.findIndex((version) => version.digest === digest);
      if (known >= 0) return String(known + 1);
      const versions = [...records.versions, { digest, uri, runId }];
      await change(model, { ...records, versions });
      return String(versions.length);
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

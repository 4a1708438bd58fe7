import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesConfig } from "../../config/config.ts";

/** Label of a run's Jobs: digest of what makes the run. */
export const specLabel = "updraft.dev/spec";

export interface RunSpec {
  /** What the result of the run follows from, in words of the program. */
  readonly inputs: unknown;
  readonly config: KubernetesConfig;
  /** Manifests of the run's Jobs without the run's id: a Job is taken over only as it is. */
  readonly jobs: readonly unknown[];
}

/**
 * Names what makes a run: its inputs, what its image is made from, who keeps its results, and the
 * Jobs themselves. It does not wait for outputs, so that a preview knows it too: what they stand
 * for is in the configuration.
 * @returns 32 hexadecimal digits, short enough for a label
 */
export function specOf({ inputs, config, jobs }: RunSpec): string {
  const { images, store, tracker, databaseUri } = config;
  const spec = {
    inputs,
    jobs,
    image: images.trainer ?? { base: images.base, target: images.trainerTarget },
    store: store.s3,
    tracker: { kind: tracker.kind, uri: tracker.uri, hasOwnDatabase: databaseUri === undefined },
  };
  const text = JSON.stringify(plain(spec));
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The same value with the keys of every object in order, and without outputs. */
function plain(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) return "output";
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, plain(entry)]),
  );
}

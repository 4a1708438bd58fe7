import type { Card } from "@updraft/contracts/card";
import type { Digest } from "@updraft/contracts/digest";
import type { Release } from "@updraft/contracts/release";
import type { ModelRegistry } from "./tracking.ts";

/** Tag that says when a stack took over a version; its time is in ISO 8601, in UTC. */
export function stackTag(stack: string): string {
  return `updraft.stack.${stack}`;
}

/** What is known of a package's way to the registry. */
export interface Arrival {
  /** The run that has brought it here. */
  readonly runId: string;
  /** The data that it was judged on. */
  readonly datasetDigest: Digest;
  /** The stack that will serve it; the version says so, which keeps it from being freed. */
  readonly stack?: string | undefined;
  /** Further tags of the version. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Where it comes from, for the reason: `promoted from dev, version 3`. */
  readonly from?: string | undefined;
}

/**
 * Registers a published package and makes it the champion, or the challenger if the gate let it
 * not pass. A package that is the champion already moves nothing.
 * @returns the version, a number as text
 */
export async function releaseVersion(
  registry: ModelRegistry,
  { model, gate }: Pick<Card, "model" | "gate">,
  published: { readonly digest: Digest; readonly uri: string },
  { runId, datasetDigest, stack, tags, from }: Arrival,
): Promise<string> {
  const isReleased = gate.verdict === "passed" && stack !== undefined;
  const version = await registry.register(model, {
    ...published,
    runId,
    tags: {
      "updraft.gate": gate.verdict,
      "updraft.datasetDigest": datasetDigest,
      ...tags,
      ...(isReleased ? { [stackTag(stack)]: new Date().toISOString() } : {}),
    },
  });
  const prefix = from === undefined ? "" : `${from}: `;
  if (gate.verdict === "failed") {
    const reason = from === undefined ? `run ${runId} made it` : `${prefix}the gate turned it down`;
    await registry.setAlias(model, "challenger", version, reason);
    return version;
  }
  // Moving the champion comes last: whatever ends the run before leaves the old one in its place.
  await registry.removeAlias(model, "challenger");
  const where = stack === undefined ? "" : `; stack ${stack} takes it over`;
  await registry.setAlias(model, "champion", version, `${prefix}the gate let it pass${where}`);
  return version;
}

/**
 * The version that a stack served before another one, where there was one.
 * @param version that it serves now
 */
export async function previousVersion(
  registry: ModelRegistry,
  model: string,
  version: string,
  stack: string | undefined,
): Promise<Release["previous"]> {
  if (stack === undefined) return undefined;
  const tag = stackTag(stack);
  const others = (await registry.withTag(model, tag)).filter((one) => one.version !== version);
  // Times in ISO 8601 sort as texts.
  const [latest] = others.toSorted((a, b) => ((a.tags[tag] ?? "") < (b.tags[tag] ?? "") ? 1 : -1));
  return latest && { version: latest.version, digest: latest.digest };
}

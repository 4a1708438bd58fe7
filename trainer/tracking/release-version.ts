import type { Card } from "@updraft/contracts/card";
import type { Digest } from "@updraft/contracts/digest";
import type { ModelRegistry } from "./tracking.ts";

/** Tag that says when a stack took over a version; its time is in ISO 8601, in UTC. */
export function stackTag(stack: string): string {
  return `updraft.stack.${stack}`;
}

/**
 * Registers a published package and makes it the champion, or the challenger if the gate let it
 * not pass. A package that is the champion already moves nothing.
 * @param stack that will serve it; the version says so, which keeps it from being freed
 * @returns the version, a number as text
 */
export async function releaseVersion(
  registry: ModelRegistry,
  { model, gate, lineage }: Pick<Card, "model" | "gate" | "lineage">,
  published: { readonly digest: Digest; readonly uri: string },
  stack?: string,
): Promise<string> {
  const isReleased = gate.verdict === "passed" && stack !== undefined;
  const version = await registry.register(model, {
    ...published,
    runId: lineage.runId,
    tags: {
      "updraft.gate": gate.verdict,
      "updraft.datasetDigest": lineage.datasetDigest,
      ...(isReleased ? { [stackTag(stack)]: new Date().toISOString() } : {}),
    },
  });
  if (gate.verdict === "failed") {
    await registry.setAlias(model, "challenger", version, `run ${lineage.runId} made it`);
    return version;
  }
  // Moving the champion comes last: whatever ends the run before leaves the old one in its place.
  await registry.removeAlias(model, "challenger");
  const where = stack === undefined ? "" : `; stack ${stack} takes it over`;
  await registry.setAlias(model, "champion", version, `the gate let it pass${where}`);
  return version;
}

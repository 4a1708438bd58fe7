import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { Card } from "@updraft/contracts/card";
import type { Digest } from "@updraft/contracts/digest";
import type { GateReport } from "@updraft/contracts/gate";
import { packagePath, writePackage, type ModelPackage } from "@updraft/contracts/model-package";

/** What the card of a trial's package says: it has met no rule, and no rule has let it pass. */
export const unjudged: GateReport = { verdict: "failed", rules: [] };

/**
 * Writes a package. One that is there already keeps its card, which says how it came to be;
 * unless the gate turned it down then and lets it pass now, or it was a trial's until now, which
 * lacks an evaluation too.
 */
export async function publishPackage(
  store: ArtifactStore,
  content: ModelPackage,
): Promise<{ digest: Digest; uri: string }> {
  const published = await writePackage(store, content);
  const folder = packagePath(content.card.model, published.digest);
  const cardPath = `${folder}/card.json`;
  const present = Card.parse(JSON.parse((await store.read(cardPath)).toString("utf8")));
  const isFirstVerdict = isUnjudged(present.gate) && !isUnjudged(content.card.gate);
  if (isFirstVerdict) {
    for (const [path, file] of Object.entries(content.evaluation)) {
      await store.write(`${folder}/${path}`, file);
    }
  }
  const passesNow = present.gate.verdict === "failed" && content.card.gate.verdict === "passed";
  if (isFirstVerdict || passesNow) {
    await store.write(cardPath, `${JSON.stringify(content.card, undefined, 2)}\n`);
  }
  return published;
}

function isUnjudged({ verdict, rules }: GateReport): boolean {
  return verdict === "failed" && rules.length === 0;
}

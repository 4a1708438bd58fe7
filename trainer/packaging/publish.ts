import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { Card } from "@updraft/contracts/card";
import type { Digest } from "@updraft/contracts/digest";
import type { GateReport } from "@updraft/contracts/gate";
import { packagePath, writePackage, type ModelPackage } from "@updraft/contracts/model-package";

/** What the card of a trial's package says: it has met no rule, and no rule has let it pass. */
export const unjudged: GateReport = { verdict: "failed", rules: [] };

/**
 * Writes a package. One that is there already keeps its card, which says how it came to be;
 * unless the gate turned it down then and lets it pass now, or it was a trial's until now. One that
 * was taken over from another stack was made there, and says what it was found to be when it was
 * taken over last.
 */
export async function publishPackage(
  store: ArtifactStore,
  content: ModelPackage,
): Promise<{ digest: Digest; uri: string }> {
  const published = await writePackage(store, content);
  const folder = packagePath(content.card.model, published.digest);
  const cardPath = `${folder}/card.json`;
  const present = Card.parse(JSON.parse((await store.read(cardPath)).toString("utf8")));
  if (!isSuperseded(present, content.card)) return published;
  for (const [path, file] of Object.entries(content.evaluation)) {
    await store.write(`${folder}/${path}`, file);
  }
  await store.write(cardPath, `${JSON.stringify(content.card, undefined, 2)}\n`);
  return published;
}

/** Whether a package's card says less of it than a new one. */
function isSuperseded(present: Card, card: Card): boolean {
  if (isUnjudged(present.gate)) return !isUnjudged(card.gate);
  if (card.gate.verdict === "failed") return false;
  const isTakenOverAgain = present.promotedFrom !== undefined && card.promotedFrom !== undefined;
  return present.gate.verdict === "failed" || isTakenOverAgain;
}

function isUnjudged({ verdict, rules }: GateReport): boolean {
  return verdict === "failed" && rules.length === 0;
}

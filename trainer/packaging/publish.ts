import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import { Card } from "@updraft/contracts/card";
import type { Digest } from "@updraft/contracts/digest";
import { packagePath, writePackage, type ModelPackage } from "@updraft/contracts/model-package";

/**
 * Writes a package. One that is there already keeps its card, which says how it came to be;
 * unless the gate turned it down then and lets it pass now.
 */
export async function publishPackage(
  store: ArtifactStore,
  content: ModelPackage,
): Promise<{ digest: Digest; uri: string }> {
  const published = await writePackage(store, content);
  const cardPath = `${packagePath(content.card.model, published.digest)}/card.json`;
  const present = Card.parse(JSON.parse((await store.read(cardPath)).toString("utf8")));
  if (present.gate.verdict === "failed" && content.card.gate.verdict === "passed") {
    await store.write(cardPath, `${JSON.stringify(content.card, undefined, 2)}\n`);
  }
  return published;
}

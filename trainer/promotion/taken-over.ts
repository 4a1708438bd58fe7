import { Card } from "@updraft/contracts/card";
import { messageOf } from "@updraft/contracts/message-of";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Logger } from "pino";
import { promotionIn } from "../tracking/promotion-tags.ts";
import type { RegisteredVersion } from "../tracking/tracking.ts";
import type { TakenOver } from "./source-problems.ts";

/**
 * What a version was taken over from: as its tags say, which know of the latest takeover of a
 * package, or else its card.
 */
export async function takenOver(
  { version, digest, uri, tags }: RegisteredVersion,
  log: Logger,
): Promise<TakenOver> {
  const tagged = promotionIn(tags);
  if (tagged.stack !== undefined) return { version, digest, ...tagged };
  const promotedFrom = await promotedFromOf(uri, log);
  const { stack, releasedAt } = promotedFrom ?? {};
  return { version, digest, stack, releasedAt };
}

async function promotedFromOf(uri: string, log: Logger): Promise<Card["promotedFrom"]> {
  try {
    const content = await openArtifactStore(uri).read("card.json");
    return Card.parse(JSON.parse(content.toString("utf8"))).promotedFrom;
  } catch (error) {
    // The gate says so too, where a rule needs the champion.
    log.warn(`the champion's card cannot be read: ${messageOf(error)}`);
    return undefined;
  }
}

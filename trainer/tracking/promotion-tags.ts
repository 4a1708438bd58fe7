import type { PromotionSource } from "@updraft/contracts/promotion-source";

const prefix = "updraft.promotedFrom.";

/** Tags of a run and of a version that say which release of another stack they follow. */
export function promotionTags({ stack, release }: PromotionSource): Record<string, string> {
  const { version, digest, runId, releasedAt } = release;
  return {
    [`${prefix}stack`]: stack,
    [`${prefix}version`]: version,
    [`${prefix}digest`]: digest,
    [`${prefix}runId`]: runId,
    ...(releasedAt === undefined ? {} : { [`${prefix}releasedAt`]: releasedAt }),
  };
}

/** What the tags of a version say of the release that it follows. */
export function promotionIn(tags: Readonly<Record<string, string>>): {
  readonly stack: string | undefined;
  readonly releasedAt: string | undefined;
} {
  return { stack: tags[`${prefix}stack`], releasedAt: tags[`${prefix}releasedAt`] };
}

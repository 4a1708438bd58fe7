import type { PromotionSource } from "@updraft/contracts/promotion-source";

/** What to call the release of another stack: `dev, version 3`. */
export function releaseName({ stack, release }: PromotionSource): string {
  return `${stack}, version ${release.version}`;
}

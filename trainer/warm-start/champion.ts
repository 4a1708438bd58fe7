import type { Digest } from "@updraft/contracts/digest";
import type { ModelRegistry } from "../tracking/tracking.ts";

/** The version whose weights a training begins with. */
export interface WarmStart {
  readonly version: string;
  readonly digest: Digest;
}

/** The same, and where its package is. */
export interface ServingVersion extends WarmStart {
  readonly uri: string;
}

/** The version that serves, or nothing before the first release. */
export async function championOf(
  registry: Pick<ModelRegistry, "versionOf">,
  model: string,
): Promise<ServingVersion | undefined> {
  const champion = await registry.versionOf(model, "champion");
  return champion && { version: champion.version, digest: champion.digest, uri: champion.uri };
}

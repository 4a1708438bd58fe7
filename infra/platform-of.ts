import type { Config } from "./config/config.ts";
import type { Platform, Target } from "./platform.ts";

/**
 * The components of a target; only what that target needs is loaded.
 * @param target where the stack runs, by its configuration
 */
export async function platformOf({ target }: Pick<Config, "target">): Promise<Platform<Target>> {
  const platform =
    target === "local"
      ? (await import("./local/platform.ts")).localPlatform
      : (await import("./kubernetes/platform.ts")).kubernetesPlatform;
  // Configuration, facts and environment always come from the same target as the components.
  return platform as unknown as Platform<Target>;
}

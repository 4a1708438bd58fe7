import type { Config } from "../../config/config.ts";
import { credentialKeys } from "../../tracker-credentials.ts";
import { openWorkspace, project } from "../support/project.ts";

/**
 * A configuration with what its file has encrypted about the tracker in plain text.
 * @throws if the backend has no such stack any more, or its passphrase or key is missing
 */
export async function withTrackerSecrets(stack: string, config: Config): Promise<Config> {
  const isAsked = config.tracker.uri !== undefined;
  const set = isAsked ? credentialKeys.filter((key) => config[key] !== undefined) : [];
  if (set.length === 0) return config;
  const workspace = await openWorkspace();
  const values = await Promise.all(
    set.map(async (key) => [key, (await workspace.getConfig(stack, `${project}:${key}`)).value]),
  );
  return { ...config, ...Object.fromEntries(values) };
}

import type { Config } from "./config.ts";
import { encryptedKeys } from "./secret-texts.ts";

/** The shortest secret that the stack's own tracker takes: shorter ones can be guessed. */
const leastSecretLength = 16;

/**
 * What is wrong with the credentials of the tracker; none of the texts shows one.
 * @param prefix of the keys: `updraft:`
 */
export function credentialProblems(
  prefix: string,
  config: Config,
  isSecret: (key: string) => boolean,
): string[] {
  const { tracker, trackerToken: token, trackerUsername: user, trackerPassword: password } = config;
  const key = (name: string) => `${prefix}${name}`;
  const problems: string[] = [];
  const values: Partial<Record<string, unknown>> = config;
  for (const name of encryptedKeys) {
    const value = values[name];
    if (typeof value !== "string") continue;
    if (!isSecret(key(name))) {
      problems.push(
        `${key(name)} is in the configuration in plain text; set it with: pulumi config set --secret ${key(name)}`,
      );
    }
    if (
      name.startsWith("tracker") &&
      tracker.uri === undefined &&
      value.length < leastSecretLength
    ) {
      problems.push(
        `${key(name)} has ${value.length} characters; the tracker takes at least ${leastSecretLength}`,
      );
    }
  }
  if (token !== undefined && (user ?? password) !== undefined) {
    problems.push(
      `${key("trackerToken")} and ${key("trackerUsername")} with ${key("trackerPassword")} exclude each other; remove the token or the other two`,
    );
  } else if ((user === undefined) !== (password === undefined)) {
    const [there, missing] =
      user === undefined
        ? ["trackerPassword", "trackerUsername"]
        : ["trackerUsername", "trackerPassword"];
    problems.push(`${key(there)} needs ${key(missing)} too`);
  }
  return problems;
}

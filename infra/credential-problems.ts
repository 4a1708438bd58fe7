import type { Config } from "./config.ts";
import { secretKeys } from "./tracker-credentials.ts";

/** The shortest secret that the stack's own tracker takes: shorter ones can be guessed. */
const leastSecretLength = 16;

/**
 * What is wrong with the credentials of the tracker; none of the texts shows one.
 * @param prefix of the keys: `updraft:`
 */
export function credentialProblems(
  prefix: string,
  config: Pick<Config, "tracker" | "trackerToken" | "trackerUsername" | "trackerPassword">,
  isSecret: (key: string) => boolean,
): string[] {
  const { tracker, trackerToken: token, trackerUsername: user, trackerPassword: password } = config;
  const key = (name: string) => `${prefix}${name}`;
  const problems: string[] = [];
  for (const name of secretKeys) {
    if (config[name] === undefined) continue;
    if (!isSecret(key(name))) {
      problems.push(
        `${key(name)} is in the configuration in plain text; set it with: pulumi config set --secret ${key(name)}`,
      );
    }
    if (tracker.uri === undefined && config[name].length < leastSecretLength) {
      problems.push(
        `${key(name)} has ${config[name].length} characters; the tracker takes at least ${leastSecretLength}`,
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

import { z } from "zod";

const Keys = z.array(z.string());

/**
 * Whether the value of a key is kept encrypted in the configuration. The engine says so in a
 * variable of the program's; where it does not, nothing is known against the key.
 * @param key in full, such as `updraft:trackerToken`
 */
export function isSecretKey(key: string, environment = process.env): boolean {
  const said = environment["PULUMI_CONFIG_SECRET_KEYS"];
  return said === undefined || Keys.parse(JSON.parse(said)).includes(key);
}

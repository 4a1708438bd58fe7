import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where what is fetched or built once is kept, absolute: `$UPDRAFT_CACHE`, or `updraft` in the user's cache folder. */
export function cacheFolder(variables: Readonly<Record<string, string | undefined>>): string {
  if (variables["UPDRAFT_CACHE"]) return resolve(variables["UPDRAFT_CACHE"]);
  return join(variables["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "updraft");
}

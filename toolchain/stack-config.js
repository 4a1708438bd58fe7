import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Texts of the stacks' config files by name.
 * @typedef {ReadonlyMap<string, string>} ConfigFiles
 */

/**
 * What a stack's config file should hold after a command of Pulumi: what the command wrote without
 * the salt of the passphrase, which is in the state as well and would leave every clone with a
 * changed file. Pulumi lays the file out anew when it writes; unless the command changed more than
 * that, the file is as it was.
 * @param {string | undefined} before undefined if there was none
 * @param {string} after
 * @returns {string | undefined} undefined if there should be none
 */
export function withoutSalt(before, after) {
  const saltLine = /^encryptionsalt: .*\n?/m;
  const saltIsNeeded = /^\s+secure: /m.test(after);
  if (saltIsNeeded || !saltLine.test(after) || saltLine.test(before ?? "")) return after;
  const stripped = after.replace(saltLine, "");
  if (before !== undefined) return sameValues(before, stripped) ? before : stripped;
  return stripped.trim() === "" ? undefined : stripped;
}

/**
 * Whether two texts differ in no more than white space and quotes.
 * @param {string} a
 * @param {string} b
 */
function sameValues(a, b) {
  const layout = /[\s"']/g;
  return a.replaceAll(layout, "") === b.replaceAll(layout, "");
}

/**
 * @param {string} repository
 * @returns {ConfigFiles}
 */
export function readConfigFiles(repository) {
  const names = readdirSync(repository).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  return new Map(names.map((name) => [name, readFileSync(join(repository, name), "utf8")]));
}

/**
 * Takes the salt that a command wrote out of the config files again.
 * @param {string} repository
 * @param {ConfigFiles} before
 */
export function restoreConfigFiles(repository, before) {
  for (const [name, after] of readConfigFiles(repository)) {
    const wanted = withoutSalt(before.get(name), after);
    const file = join(repository, name);
    if (wanted === undefined) rmSync(file);
    else if (wanted !== after) writeFileSync(file, wanted);
  }
}

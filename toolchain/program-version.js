import { randomUUID } from "node:crypto";
import { mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./run.js";

/**
 * What a program prints about its version. It is asked once: the answer is kept as long as the file
 * stays the same, since starting a large program takes longer than the rest of a set-up.
 * @param {string} cache
 * @param {string} file of the program
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export async function programVersion(cache, file, args) {
  const target = await realpath(file);
  const { size, mtimeMs } = await stat(target);
  const key = [target, size, mtimeMs].join(" ");
  const memory = join(cache, "versions.json");
  const known = await readKnown(memory);
  const remembered = known[key];
  if (remembered !== undefined) return remembered;
  const version = (await run(file, args)).trim();
  await mkdir(dirname(memory), { recursive: true });
  const draft = `${memory}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify({ ...known, [key]: version }, undefined, 2));
  await rename(draft, memory);
  return version;
}

/** @param {string} file @returns {Promise<Record<string, string>>} */
async function readKnown(file) {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return {};
  }
}

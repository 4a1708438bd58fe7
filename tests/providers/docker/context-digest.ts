import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/**
 * Names what a build context holds: the Dockerfile, and of every file its path, mode and content;
 * times do not count. A `.dockerignore` is not looked at, so that too much counts rather than too
 * little.
 */
export function contextDigest(context: string, dockerfile: string): string {
  const hash = createHash("sha256");
  const add = (path: string, mode: string, content: string | Buffer) =>
    hash.update(`${path}\0${mode}\0`).update(createHash("sha256").update(content).digest());
  add("Dockerfile", "0", readFileSync(dockerfile));
  for (const path of readdirSync(context, { recursive: true, encoding: "utf8" }).toSorted()) {
    const file = join(context, path);
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) add(path, "link", readlinkSync(file));
    else if (stats.isFile()) add(path, stats.mode.toString(8), readFileSync(file));
  }
  return hash.digest("hex");
}

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOfFiles, sha256, type Digest } from "@updraft/contracts/digest";

/** The folder of the repository: where the services and the trainer are started from. */
export const checkout = join(import.meta.dirname, "..");

/** The digest of the sources in some folders of the repository: what a service's code is. */
export function sourceDigest(folders: readonly string[], root = checkout): Digest {
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,js,html,css,json}`, { cwd: root }))
    .filter((path) => !path.includes("node_modules") && !/\.test\.[tj]s$/.test(path));
  return digestOfFiles(
    files.map((path) => ({ path, sha256: sha256(readFileSync(join(root, path))) })),
  );
}

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file whole, and only if that changes it: kube-proxy ends itself when its configuration
 * is written anew.
 */
export async function writeIfChanged(file: string, text: string, mode = 0o644): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  await writeFile(draft, text, { mode });
  await rename(draft, file);
}

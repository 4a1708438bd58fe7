import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeIfChanged } from "../processes/write-file.ts";

/** Debian's network plugins. */
const system = "/usr/lib/cni";

/** Name of our own plugin among them. */
export const policyPlugin = "updraft-policies";

/** Makes a folder with all network plugins, the system's and ours. */
export async function installPlugins(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(system)) {
    const link = join(folder, name);
    if (!existsSync(link)) await symlink(join(system, name), link);
  }
  const script = fileURLToPath(new URL("main.ts", import.meta.url));
  const plugin = join(folder, policyPlugin);
  await writeIfChanged(plugin, `#!/bin/sh\nexec '${process.execPath}' '${script}'\n`);
  await chmod(plugin, 0o755);
}

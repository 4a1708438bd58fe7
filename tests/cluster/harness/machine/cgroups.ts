import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rmdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodes } from "../addresses.ts";

const root = "/sys/fs/cgroup";
const ours = "updraft-test";
const cgroup2Magic = 0x63677270;

/** Where the kubelet of a node puts its pods, below the root of every hierarchy. */
export function nodeCgroup(node: string): string {
  return `/${ours}/${node}`;
}

/** Where dockerd puts what builds. */
export const dockerCgroup = `/${ours}/docker`;

/**
 * Makes the cgroups of the nodes. A kubelet wants its root to exist in every hierarchy: a root of
 * its own is what lets two of them live on one machine.
 *
 * Proven with version 1 of cgroups; version 2 has one hierarchy and nothing to copy, which no
 * machine at hand could try.
 */
export async function makeCgroups(): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (const folder of ["", ...nodes.map(({ name }) => name)]) {
      const cgroup = join(hierarchy, ours, folder);
      await mkdir(cgroup, { recursive: true });
      for (const file of ["cpuset.cpus", "cpuset.mems"]) await inherit(cgroup, file);
    }
  }
}

/** Removes the cgroups; nothing runs in them any more. */
export async function removeCgroups(): Promise<void> {
  for (const hierarchy of [...(await hierarchies()), join(root, "unified")]) {
    await removeTree(join(hierarchy, ours));
  }
}

/** Whether the kernel has any cgroups for us. */
export function hasCgroups(): boolean {
  return existsSync(join(root, "memory")) || existsSync(join(root, "cgroup.controllers"));
}

/** Of version 1 each controller is a hierarchy; `unified` is version 2 beside it, without any. */
async function hierarchies(): Promise<string[]> {
  if ((await statfs(root)).type === cgroup2Magic) return [root];
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== "unified")
    .map((entry) => join(root, entry.name));
}

/** A new cpuset of version 1 is empty, and nothing can run in an empty one. */
async function inherit(cgroup: string, file: string): Promise<void> {
  const path = join(cgroup, file);
  if (!existsSync(path) || (await statfs(root)).type === cgroup2Magic) return;
  if ((await readFile(path, "utf8")).trim() !== "") return;
  await writeFile(path, await readFile(join(cgroup, "..", file), "utf8"));
}

/** The files of a cgroup are not removed, the folder goes with them. */
async function removeTree(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder).catch(() => {});
}

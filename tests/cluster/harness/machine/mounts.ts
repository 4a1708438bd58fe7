import { readFile } from "node:fs/promises";
import { run } from "../../../../toolchain/run.js";

/**
 * Mount points below folders, innermost first.
 * @param mountInfo content of `/proc/self/mountinfo`
 */
export function mountsBelow(mountInfo: string, folders: readonly string[]): string[] {
  const points = mountInfo.split("\n").flatMap((line) => {
    const point = line.split(" ")[4];
    // Spaces and the like are written in octal.
    return point === undefined ? [] : [point.replace(/\\(\d{3})/g, (_, code) => octal(code))];
  });
  return points
    .filter((point) => folders.some((folder) => point.startsWith(`${folder}/`)))
    .toReversed();
}

/** Unmounts whatever containers and builds have left mounted below folders. */
export async function unmountBelow(folders: readonly string[]): Promise<void> {
  const points = mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), folders);
  for (const point of points) await run("umount", ["-l", point]).catch(() => {});
}

function octal(code: string): string {
  return String.fromCodePoint(Number.parseInt(code, 8));
}

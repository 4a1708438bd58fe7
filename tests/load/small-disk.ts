import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrackerProcess } from "./tracker-process.ts";

/** A file on a tracker's small disk, as seen from outside. */
export function onDiskOf({ pid }: TrackerProcess, file: string): string {
  return `/proc/${pid}/root${file}`;
}

/** Fills the disk until nothing more fits; what is returned frees it again. */
export async function fillDisk(tracker: TrackerProcess, folder: string) {
  const file = onDiskOf(tracker, join(folder, "ballast"));
  for (const bytes of [1 << 20, 1 << 12]) {
    await writeUntilFull(file, bytes);
  }
  return () => rm(file);
}

async function writeUntilFull(file: string, bytes: number): Promise<void> {
  const block = Buffer.alloc(bytes);
  for (;;) {
    try {
      await writeFile(file, block, { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
  }
}

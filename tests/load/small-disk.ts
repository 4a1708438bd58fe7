import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrackerProcess } from "./tracker-process.ts";

// A file system of its own for one process: root may mount one, others may inside a namespace of
// theirs. It goes with the process, so that nothing stays mounted whatever happens to a test.
const namespace = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];

/** The command that runs another one with a small file system at a folder. */
export function withSmallDisk(folder: string, mebibytes: number): string[] {
  const script = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && exec "$@"`;
  return ["unshare", ...namespace, "--mount", "sh", "-c", script, folder];
}

/** Why a small file system cannot be had here, or undefined where it can. */
export function whyNoSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  mkdirSync(folder, { recursive: true });
  const [command = "", ...args] = [...withSmallDisk(folder, 1), "true"];
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

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

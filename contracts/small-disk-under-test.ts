import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  const [command = "", ...args] = [...withSmallDisk(folder, 1), "true"];
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The commit of the working tree that a folder is in; undefined where there is none, or no git. */
export async function gitCommit(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], {
      cwd: folder,
      timeout: 5000,
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

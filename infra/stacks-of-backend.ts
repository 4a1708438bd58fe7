import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

const Stacks = z.array(z.object({ name: z.string() }));

/**
 * Names of the stacks in the backend, as the CLI lists them: those of this project by their names,
 * others in full. Nothing if they cannot be listed.
 * @param whose those of this project, or of all
 */
export async function stacksOfBackend(whose: "project" | "all"): Promise<string[] | undefined> {
  const args = ["stack", "ls", ...(whose === "all" ? ["--all"] : []), "--json"];
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, { timeout: 30_000 });
    return Stacks.parse(JSON.parse(stdout)).map(({ name }) => name);
  } catch {
    return undefined;
  }
}

import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { checkout } from "../../checkout.ts";

/**
 * Who runs a command, for histories: `UPDRAFT_ACTOR`, the person behind a run of GitHub Actions or
 * GitLab, the author that git names, or the user of this machine.
 */
export async function actor(variables: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = ["UPDRAFT_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"]
    .map((name) => variables[name])
    .find((value) => value !== undefined && value !== "");
  return named ?? (await gitAuthor()) ?? userInfo().username;
}

async function gitAuthor(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["config", "user.name"], { cwd: checkout });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { gitCommit } from "./git-commit.ts";

it("names the commit of a working tree, and nothing outside of one", async () => {
  const folder = await temporaryFolder();
  expect(await gitCommit(folder)).toBeUndefined();
  const git = (...args: string[]) => promisify(execFile)("git", args, { cwd: folder });
  await git("init", "--quiet");
  expect(await gitCommit(folder)).toBeUndefined();
  const author = ["-c", "user.name=x", "-c", "user.email=x@localhost"];
  await git(...author, "commit", "--quiet", "--allow-empty", "--message", "x");
  expect(await gitCommit(folder)).toMatch(/^[0-9a-f]{40}$/);
});

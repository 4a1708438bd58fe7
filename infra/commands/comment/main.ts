import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { argumentsOf, CommandError, runCommand, UsageError } from "../support/run-command.ts";
import { commentBody } from "./comment-body.ts";
import { pullRequestOf, runUrlOf } from "./pull-request.ts";
import { putComment } from "./put-comment.ts";

const usage = `Usage: npm run comment -- <file> --marker <name> [--pull-request <n>] [--author <login>]

Writes a file of Markdown as a comment to a pull request on GitHub, or changes the comment with that
marker. Longer text than GitHub takes is cut.
  --marker        names the comment among others, such as updraft-plan:dev
  --pull-request  default: the one that this run of GitHub Actions is about
  --author        whose comment may be changed. Default: github-actions[bot]

From the environment: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL.`;

await runCommand(usage, async (argv) => {
  const options = {
    marker: { type: "string" },
    "pull-request": { type: "string" },
    author: { type: "string", default: "github-actions[bot]" },
  } as const;
  const { positionals, values } = argumentsOf(argv, options, usage);
  const [name, ...more] = positionals;
  const { marker } = values;
  if (name === undefined || marker === undefined || more.length > 0) throw new UsageError(usage);
  const file = resolve(name);
  if (!existsSync(file)) throw new CommandError(`there is no ${file} to comment with`);
  const pullRequest = pullRequestOf(process.env, values);
  const where = `the rest is in ${runUrlOf(process.env)}`;
  const body = commentBody(readFileSync(file, "utf8"), marker, where);
  const { outcome, url } = await putComment(pullRequest, marker, body);
  process.stdout.write(`comment ${outcome}: ${url}\n`);
  return 0;
});

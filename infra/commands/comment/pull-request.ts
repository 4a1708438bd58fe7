import { readFileSync } from "node:fs";
import { z } from "zod";
import { CommandError } from "../support/run-command.ts";
import type { PullRequest } from "./put-comment.ts";

const Event = z.object({ pull_request: z.object({ number: z.int().min(1) }).optional() });

/**
 * The pull request that a run is about, as GitHub Actions tells it or the arguments say.
 * @throws {CommandError} with everything that is missing
 */
export function pullRequestOf(
  env: NodeJS.ProcessEnv,
  values: { readonly "pull-request"?: string | undefined; readonly author: string },
): PullRequest {
  const number = numberOf(env, values["pull-request"]);
  const token = env["GITHUB_TOKEN"];
  const repository = env["GITHUB_REPOSITORY"];
  const missing = [
    ...(number === undefined ? ["this run is about no pull request; set --pull-request"] : []),
    ...(token ? [] : ["GITHUB_TOKEN is not set; it needs pull-requests: write"]),
    ...(repository ? [] : ["GITHUB_REPOSITORY is not set: owner/name of the repository"]),
  ];
  if (!number || !token || !repository) throw new CommandError(missing.join("\n"));
  const api = (env["GITHUB_API_URL"] || "https://api.github.com").replace(/\/+$/, "");
  return { api, token, repository, number, author: values.author };
}

/** Where this run can be looked at; Markdown. */
export function runUrlOf(env: NodeJS.ProcessEnv): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return "the log of this run";
  return `[the summary of this run](${server}/${repository}/actions/runs/${run})`;
}

function numberOf(env: NodeJS.ProcessEnv, given: string | undefined): number | undefined {
  if (given !== undefined) {
    if (/^[1-9]\d*$/.test(given)) return Number(given);
    throw new CommandError(`--pull-request ${given} is no number of a pull request`);
  }
  const file = env["GITHUB_EVENT_PATH"];
  if (!file) return undefined;
  return Event.parse(JSON.parse(readFileSync(file, "utf8"))).pull_request?.number;
}

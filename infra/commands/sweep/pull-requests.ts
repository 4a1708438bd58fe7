import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { messageOf } from "@updraft/contracts/message-of";
import { z } from "zod";
import type { EphemeralTags } from "../ephemeral/stack-tags.ts";
import { CommandError } from "../support/run-command.ts";
import type { PullRequestState } from "./verdict.ts";

/** How long GitHub may take for one answer. */
const answerTimeoutMilliseconds = 10_000;

const Answer = z.object({ number: z.int(), state: z.enum(["open", "closed"]) });

/** Where a repository's pull requests are asked for. */
export interface GitHub {
  /** Address of the API, without a slash at its end. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
}

/**
 * The repository whose pull requests can be asked for; nothing where the variables name none.
 * @throws {CommandError} if they are there and make no sense
 */
export function gitHubOf(variables: NodeJS.ProcessEnv): GitHub | undefined {
  const repository = variables["GITHUB_REPOSITORY"];
  const token = variables["GITHUB_TOKEN"];
  if (!repository || !token) return undefined;
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new CommandError(
      `GITHUB_REPOSITORY is ${repository}; expected owner/name, such as team/updraft`,
    );
  }
  const api = variables["GITHUB_API_URL"] || "https://api.github.com";
  if (!/^https?:\/\/./.test(api) || !URL.canParse(api)) {
    throw new CommandError(
      `GITHUB_API_URL is ${api}; expected an address such as https://api.github.com`,
    );
  }
  return { api: api.replace(/\/+$/, ""), repository, token };
}

/**
 * Whether the pull request of a stack is closed. Whatever else GitHub says, or does not say, is
 * unknown: a stack does not go because somebody could not be asked.
 * @see https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 */
export async function pullRequestState(
  { pullRequest, repository }: EphemeralTags,
  gitHub: GitHub | undefined,
): Promise<PullRequestState> {
  if (pullRequest === undefined || gitHub === undefined) return { state: "not asked" };
  // Another repository's number twelve is another pull request; its own sweep asks for it.
  if (repository !== undefined && repository !== gitHub.repository) return { state: "not asked" };
  const url = `${gitHub.api}/repos/${gitHub.repository}/pulls/${pullRequest}`;
  try {
    const response = await fetch(url, {
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${gitHub.token}`,
        "x-github-api-version": "2022-11-28",
      },
      signal: AbortSignal.timeout(answerTimeoutMilliseconds),
    });
    const body = await response.text();
    if (!response.ok) return { state: "unknown", problem: `${url} answers ${response.status}` };
    const answer = Answer.safeParse(jsonIn(body));
    if (answer.success && answer.data.number === pullRequest) return { state: answer.data.state };
    return { state: "unknown", problem: `${url} answers with something that is no pull request` };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { state: "unknown", problem: `${url} cannot be reached (${messageOf(cause)})` };
  }
}

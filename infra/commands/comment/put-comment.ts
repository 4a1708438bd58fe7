import { messageOf } from "@updraft/contracts/message-of";
import { z } from "zod";
import { CommandError } from "../support/run-command.ts";
import { markerLine } from "./comment-body.ts";

/** A pull request, and who speaks there. */
export interface PullRequest {
  /** Address of GitHub's API, without a slash at the end. */
  readonly api: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  /** Login of the comments that are ours: who else writes the marker keeps a comment of their own. */
  readonly author: string;
}

/** What became of a comment. */
export interface PutComment {
  readonly outcome: "created" | "updated" | "unchanged";
  /** For a browser. */
  readonly url: string;
}

const Comment = z.object({
  id: z.int(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
type Comment = z.infer<typeof Comment>;

/**
 * Writes a comment to a pull request, or changes the one that is there with the same marker.
 * @param body begins with the marker
 * @throws {CommandError} if GitHub cannot be reached or refuses
 * @see https://docs.github.com/en/rest/issues/comments
 */
export async function putComment(
  pullRequest: PullRequest,
  marker: string,
  body: string,
): Promise<PutComment> {
  const { api, repository, number } = pullRequest;
  const comments = `${api}/repos/${repository}/issues/${number}/comments`;
  const existing = await findComment(pullRequest, comments, markerLine(marker));
  if (existing?.body === body) return { outcome: "unchanged", url: existing.html_url };
  const { answer } =
    existing === undefined
      ? await ask(pullRequest, "POST", comments, { body })
      : await ask(
          pullRequest,
          "PATCH",
          `${api}/repos/${repository}/issues/comments/${existing.id}`,
          {
            body,
          },
        );
  const url = Comment.parse(answer).html_url;
  return { outcome: existing === undefined ? "created" : "updated", url };
}

/** The first of ours with the marker, page by page. */
async function findComment(
  pullRequest: PullRequest,
  comments: string,
  line: string,
): Promise<Comment | undefined> {
  let page: string | undefined = `${comments}?per_page=100`;
  while (page !== undefined) {
    const { answer, next } = await ask(pullRequest, "GET", page);
    const found = z
      .array(Comment)
      .parse(answer)
      .find(({ body, user }) => body?.startsWith(line) && user?.login === pullRequest.author);
    if (found !== undefined) return found;
    page = next;
  }
  return undefined;
}

async function ask(
  { api, token }: PullRequest,
  method: "GET" | "POST" | "PATCH",
  url: string,
  content?: unknown,
): Promise<{ readonly answer: unknown; readonly next: string | undefined }> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "updraft",
      "x-github-api-version": "2022-11-28",
    },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause ? `: ${messageOf(error.cause)}` : "";
    throw new CommandError(`${method} ${url}: ${messageOf(error)}${cause}`, { cause: error });
  });
  if (!response.ok) throw new CommandError(await refusal(response, method, url));
  const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  // The token goes nowhere else.
  return { answer: await response.json(), next: next?.startsWith(`${api}/`) ? next : undefined };
}

async function refusal(response: Response, method: string, url: string): Promise<string> {
  const text = await response.text();
  const said = Refusal.safeParse(jsonOf(text)).data?.message ?? text.slice(0, 200);
  const isRight = response.status === 403 || response.status === 404;
  const fix = isRight ? "; the job needs permissions: pull-requests: write" : "";
  return `${method} ${url}: ${response.status} ${said}${fix}`;
}

const Refusal = z.object({ message: z.string() });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

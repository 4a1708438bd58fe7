import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "main.ts");
const bot = "github-actions[bot]";
const marker = "<!-- updraft-plan:dev -->";

interface StoredComment {
  readonly id: number;
  readonly login: string;
  body: string;
}

/** GitHub's comments of pull request 7, two a page; who asks needs the token `t`. */
class Comments {
  readonly stored: StoredComment[] = [];
  readonly requests: string[] = [];
  readonly server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://api");
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    const send = (status: number, answer: unknown, link = "") =>
      response
        .writeHead(status, { "content-type": "application/json", ...(link ? { link } : {}) })
        .end(JSON.stringify(answer));
    if (request.headers.authorization !== "Bearer t") {
      return send(403, { message: "Resource not accessible by integration" });
    }
    if (request.method === "GET") {
      const page = Number(url.searchParams.get("page") ?? 1);
      const next = `<${this.api}${url.pathname}?per_page=100&page=${page + 1}>; rel="next"`;
      const rows = this.stored.slice(2 * page - 2, 2 * page);
      return send(200, rows.map(asAnswer), 2 * page < this.stored.length ? next : "");
    }
    const { body } = (await json(request)) as { body: string };
    const id = Number(url.pathname.split("/").at(-1));
    const known = this.stored.find((comment) => comment.id === id);
    const comment = known ?? { id: this.stored.length + 1, login: bot, body };
    comment.body = body;
    if (known === undefined) this.stored.push(comment);
    return send(known === undefined ? 201 : 200, asAnswer(comment));
  });

  get api(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  }
}

function asAnswer({ id, login, body }: StoredComment) {
  return { id, body, user: { login }, html_url: `https://example.com/7#${id}` };
}

describe("npm run comment", () => {
  let folder: string;
  let comments: Comments;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-comment-"));
    await writeFile(join(folder, "event.json"), '{ "pull_request": { "number": 7 } }');
    comments = new Comments();
    await new Promise<void>((resolve) => comments.server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    comments.server.close();
    await rm(folder, { recursive: true });
  });

  async function comment(text: string, variables: Record<string, string> = {}, ...args: string[]) {
    const file = join(folder, "plan.md");
    await writeFile(file, text);
    const flags = [file, "--marker", "updraft-plan:dev", ...args];
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...flags], {
      env: {
        PATH: process.env["PATH"],
        GITHUB_API_URL: comments.api,
        GITHUB_TOKEN: "t",
        GITHUB_REPOSITORY: "team/updraft",
        GITHUB_EVENT_PATH: join(folder, "event.json"),
        ...variables,
      },
    });
    return stdout;
  }

  it("writes a comment, and changes that one from then on", async () => {
    expect(await comment("first")).toBe("comment created: https://example.com/7#1\n");
    expect(await comment("second")).toBe("comment updated: https://example.com/7#1\n");
    expect(await comment("second")).toBe("comment unchanged: https://example.com/7#1\n");
    expect(comments.stored).toEqual([{ id: 1, login: bot, body: `${marker}\nsecond` }]);
    expect(comments.requests).toEqual([
      "GET /repos/team/updraft/issues/7/comments?per_page=100",
      "POST /repos/team/updraft/issues/7/comments",
      "GET /repos/team/updraft/issues/7/comments?per_page=100",
      "PATCH /repos/team/updraft/issues/comments/1",
      "GET /repos/team/updraft/issues/7/comments?per_page=100",
    ]);
  });

  it("finds its comment on a later page, and leaves those of others alone", async () => {
    const others = [
      { id: 1, login: "somebody", body: `${marker}\nlooks like a plan` },
      { id: 2, login: bot, body: "<!-- updraft-plan:pr-7 -->\nanother stack" },
      { id: 3, login: bot, body: `quotes ${marker}` },
    ];
    comments.stored.push(...others.map((other) => ({ ...other })));
    comments.stored.push({ id: 4, login: bot, body: `${marker}\nold` });
    expect(await comment("new")).toBe("comment updated: https://example.com/7#4\n");
    expect(comments.stored).toEqual([...others, { id: 4, login: bot, body: `${marker}\nnew` }]);
  });

  it("cuts what is longer than GitHub takes, and says where the rest is", async () => {
    const run = { GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "42" };
    await comment("a line\n".repeat(20_000), run);
    const [body = ""] = comments.stored.map((stored) => stored.body);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(
      /_Cut: the rest is in \[the summary of this run\]\(https:\/\/github.com\/team\/updraft\/actions\/runs\/42\)\._\n$/,
    );
  });

  it("follows no page to another host", async () => {
    comments.stored.push({ id: 1, login: "x", body: "" }, { id: 2, login: "x", body: "" });
    comments.stored.push({ id: 3, login: bot, body: marker });
    const proxied = comments.api.replace("127.0.0.1", "localhost");
    expect(await comment("new", { GITHUB_API_URL: proxied })).toMatch(/^comment created/);
  });

  it.each([
    [
      "refusals",
      { GITHUB_TOKEN: "other" },
      "403 Resource not accessible by integration; the job needs",
    ],
    ["a host that does not answer", { GITHUB_API_URL: "http://127.0.0.1:1" }, "fetch failed: "],
    [
      "all that is missing",
      { GITHUB_TOKEN: "", GITHUB_EVENT_PATH: "" },
      "set --pull-request\nGITHUB_TOKEN is not set",
    ],
  ])("tells %s", async (_, variables, message) => {
    await expect(comment("text", variables)).rejects.toThrow(message);
    expect(comments.stored).toEqual([]);
  });

  it("takes the number of another pull request, and no other words", async () => {
    await comment("text", {}, "--pull-request", "8");
    expect(comments.requests[1]).toBe("POST /repos/team/updraft/issues/8/comments");
    await expect(comment("text", {}, "--pull-request", "8/x")).rejects.toThrow("is no number");
  });
});

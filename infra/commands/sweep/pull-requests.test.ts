import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "@updraft/contracts/free-port";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GitHub, gitHubOf, pullRequestState } from "./pull-requests.ts";

const tags = { expiresAt: new Date(), pullRequest: 12 };

describe("gitHubOf", () => {
  const variables = { GITHUB_REPOSITORY: "team/updraft", GITHUB_TOKEN: "token" };

  it("is what the environment names", () => {
    const repository = { repository: "team/updraft", token: "token" };
    expect(gitHubOf(variables)).toEqual({ api: "https://api.github.com", ...repository });
    expect(gitHubOf({ ...variables, GITHUB_API_URL: "https://ghe.test/api/v3/" })).toEqual({
      api: "https://ghe.test/api/v3",
      ...repository,
    });
  });

  it.each([{}, { GITHUB_REPOSITORY: "team/updraft" }, { ...variables, GITHUB_TOKEN: "" }])(
    "is nothing where nobody can be asked: %j",
    (some) => {
      expect(gitHubOf(some)).toBeUndefined();
    },
  );

  it("refuses what names no repository and no address", () => {
    expect(() => gitHubOf({ ...variables, GITHUB_REPOSITORY: "team/a/../b" })).toThrow(
      "GITHUB_REPOSITORY is team/a/../b; expected owner/name, such as team/updraft",
    );
    expect(() => gitHubOf({ ...variables, GITHUB_API_URL: "api.github.com" })).toThrow(
      "GITHUB_API_URL is api.github.com; expected an address such as https://api.github.com",
    );
  });
});

describe("pullRequestState", () => {
  let server: Server;
  let gitHub: GitHub;
  let asked: (string | undefined)[][];
  let answer: { readonly status: number; readonly body: string };

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push([request.method, request.url, request.headers.authorization]);
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    gitHub = { api, repository: "team/updraft", token: "a-token" };
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it.each(["open", "closed"] as const)("is %s as GitHub says", async (state) => {
    answer = { status: 200, body: JSON.stringify({ number: 12, state, merged: true }) };
    expect(await pullRequestState(tags, gitHub)).toEqual({ state });
    expect(asked).toEqual([["GET", "/repos/team/updraft/pulls/12", "Bearer a-token"]]);
  });

  it.each([
    [{ status: 500, body: "" }, "answers 500"],
    [{ status: 404, body: '{"state":"closed","number":12}' }, "answers 404"],
    [
      { status: 200, body: "<html>closed</html>" },
      "answers with something that is no pull request",
    ],
    [
      { status: 200, body: '{"state":"closed","number":13}' },
      "answers with something that is no pull request",
    ],
  ])("is unknown where GitHub says %j", async (said, problem) => {
    answer = said;
    expect(await pullRequestState(tags, gitHub)).toEqual({
      state: "unknown",
      problem: `${gitHub.api}/repos/team/updraft/pulls/12 ${problem}`,
    });
  });

  it("is unknown where GitHub cannot be reached", async () => {
    const port = await freePort();
    const away = { ...gitHub, api: `http://127.0.0.1:${port}` };
    expect(await pullRequestState(tags, away)).toEqual({
      state: "unknown",
      problem: `http://127.0.0.1:${port}/repos/team/updraft/pulls/12 cannot be reached (connect ECONNREFUSED 127.0.0.1:${port})`,
    });
  });

  it("is not asked for without a number, without GitHub, and of another repository", async () => {
    const notAsked = { state: "not asked" };
    expect(await pullRequestState({ expiresAt: new Date() }, gitHub)).toEqual(notAsked);
    expect(await pullRequestState(tags, undefined)).toEqual(notAsked);
    const elsewhere = { ...tags, repository: "team/other" };
    expect(await pullRequestState(elsewhere, gitHub)).toEqual(notAsked);
    expect(asked).toEqual([]);
  });
});

import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTracker, type TrackerUnderTest } from "../tracker-under-test.ts";
import { parseCredentials } from "./credentials.ts";

const secrets = { ada: "the-secret-of-ada", bob: "the-secret-of-bob" };

const credentials = parseCredentials(
  JSON.stringify({
    users: [
      { name: "ada", access: "write", secrets: [secrets.ada] },
      { name: "bob", access: "read", secrets: [secrets.bob] },
    ],
  }),
);

const basic = (name: string, secret: string) =>
  `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;
const writer = `Bearer ${secrets.ada}`;
const reader = basic("bob", secrets.bob);

const api = "/api/2.0/mlflow";
const artifact = "/api/2.0/mlflow-artifacts/artifacts/1/a.txt";

/** What is asked, and how it is answered to nobody, to a reader and to a writer. */
const requests: [string, string, object | undefined, [number, number, number]][] = [
  ["GET", "/health", undefined, [200, 200, 200]],
  ["GET", "/version", undefined, [200, 200, 200]],
  ["GET", "/", undefined, [401, 200, 200]],
  ["GET", "/nowhere", undefined, [401, 404, 404]],
  ["GET", "/api/3.0/mlflow/server-info", undefined, [401, 200, 200]],
  ["GET", `${api}/experiments/get?experiment_id=0`, undefined, [401, 200, 200]],
  ["POST", `${api}/experiments/search`, { max_results: 1 }, [401, 200, 200]],
  ["POST", `${api}/runs/search`, { experiment_ids: ["0"] }, [401, 200, 200]],
  ["POST", `${api}/registered-models/get-latest-versions`, { name: "x" }, [401, 404, 404]],
  ["POST", `${api}/runs/create`, { experiment_id: "0" }, [401, 403, 200]],
  ["POST", `${api}/nowhere`, {}, [401, 403, 404]],
  ["PATCH", `${api}/registered-models/update`, { name: "x" }, [401, 403, 404]],
  ["DELETE", `${api}/registered-models/delete`, { name: "x" }, [401, 403, 404]],
  ["GET", "/api/2.0/updraft/promotions", undefined, [401, 200, 200]],
  ["PUT", artifact, { some: "bytes" }, [401, 403, 200]],
  ["GET", artifact, undefined, [401, 200, 200]],
  ["DELETE", artifact, undefined, [401, 403, 200]],
];

describe("a tracker with credentials", () => {
  let tracker: TrackerUnderTest;
  beforeAll(async () => {
    tracker = await startTracker({
      authentication: { credentials: () => credentials, anonymous: "none" },
    });
  });
  afterAll(() => tracker.stop());

  const ask = async (method: string, path: string, authorization?: string, body?: object) =>
    fetch(`${tracker.url}${path}`, {
      method,
      headers: authorization === undefined ? {} : { authorization },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  it.each(requests)(
    "answers %s %s to nobody, reader and writer",
    async (method, path, body, expected) => {
      const statuses: number[] = [];
      for (const authorization of [undefined, reader, writer]) {
        const answer = await ask(method, path, authorization, body);
        statuses.push(answer.status);
        await answer.arrayBuffer();
      }
      expect(statuses).toEqual(expected);
    },
  );

  it("asks for credentials in a way that browsers and clients understand", async () => {
    const answer = await ask("GET", "/");

    expect(answer.headers.get("www-authenticate")).toBe(
      'Basic realm="Updraft tracker", charset="UTF-8", Bearer realm="Updraft tracker"',
    );
    expect(await answer.json()).toEqual({
      error_code: "UNAUTHENTICATED",
      message:
        "This tracker needs credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
    });
  });

  it("tells a reader who they are and what they may not do", async () => {
    const answer = await ask("POST", `${api}/runs/create`, reader, {});

    expect(await answer.json()).toEqual({
      error_code: "PERMISSION_DENIED",
      message: "bob may read here, but not write",
    });
  });

  it.each([
    ["a wrong token", "Bearer the-secret-of-eve"],
    ["a wrong password", basic("ada", "the-secret-of-eve")],
    ["another user's password", basic("ada", secrets.bob)],
    ["a scheme it does not know", `Digest ${secrets.ada}`],
    ["an empty header", ""],
  ])("refuses %s", async (_what, authorization) => {
    const answer = await ask("GET", "/", authorization);

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error_code: "UNAUTHENTICATED" });
  });

  it("takes a token as password, without a name", async () => {
    expect((await ask("GET", "/", basic("", secrets.bob))).status).toBe(200);
  });

  it("records the authenticated user as the one who moved an alias", async () => {
    const name = "digits";
    await ask("POST", `${api}/registered-models/create`, writer, { name });
    await ask("POST", `${api}/model-versions/create`, writer, { name, source: "file:///x" });
    const move = { name, alias: "champion", version: "1" };
    await ask("POST", `${api}/registered-models/alias`, writer, move);

    const answer = await ask("GET", "/api/2.0/updraft/promotions", reader);
    expect(await answer.json()).toMatchObject({ promotions: [{ alias: "champion", user: "ada" }] });
  });

  it("logs that credentials were wrong, and never which", () => {
    const text = JSON.stringify(tracker.logged);

    expect(text).toContain("wrong credentials were refused");
    expect(text).not.toMatch(/secret/);
    expect(text).not.toContain(Buffer.from("the-secret").toString("base64").slice(0, 10));
  });
});

describe("a tracker that strangers may read", () => {
  let tracker: TrackerUnderTest;
  beforeAll(async () => {
    tracker = await startTracker({
      authentication: { credentials: () => credentials, anonymous: "read" },
    });
  });
  afterAll(() => tracker.stop());

  it("asks for credentials only where something is written", async () => {
    const { url, call } = tracker;

    expect((await fetch(url)).status).toBe(200);
    expect((await call("POST", "/runs/create", {})).status).toBe(401);
  });

  it("does not take wrong credentials for none", async () => {
    const headers = { authorization: "Bearer a-wrong-secret" };

    expect((await fetch(tracker.url, { headers })).status).toBe(401);
  });
});

describe("a tracker without credentials", () => {
  it("may be made to be read only", async () => {
    const tracker = await startTracker({ authentication: { anonymous: "read" } });

    expect((await tracker.call("POST", "/runs/search", {})).status).toBe(200);
    expect(await tracker.call("POST", "/runs/create", {})).toEqual({
      status: 403,
      body: {
        error_code: "PERMISSION_DENIED",
        message: "This tracker may be read, but not written to",
      },
    });
    await tracker.stop();
  });
});

describe("a tracker with a list of its names", () => {
  let tracker: TrackerUnderTest;
  beforeAll(async () => {
    tracker = await startTracker({ allowedHosts: ["localhost", "127.0.0.*", "[::1]", "a.b:80"] });
  });
  afterAll(() => tracker.stop());

  const statusFor = (host: string, path = "/") =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(`${tracker.url}${path}`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on("error", reject).end();
    });

  it.each(["localhost", "LOCALHOST:5000", "127.0.0.1:1", "[::1]:5000", "a.b:80"])(
    "answers for %s",
    async (host) => {
      expect(await statusFor(host)).toBe(200);
    },
  );

  it.each(["evil.example", "localhost.evil.example", "127.1.evil.example", "a.b", "axb:80"])(
    "refuses requests for %s, but those of probes",
    async (host) => {
      expect(await statusFor(host)).toBe(403);
      expect(await statusFor(host, "/health")).toBe(200);
    },
  );
});

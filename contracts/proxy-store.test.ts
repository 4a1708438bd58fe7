import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ArtifactNotFoundError, type ArtifactStore } from "./artifact-store.ts";
import { createProxyStore } from "./proxy-store.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

let server: Server;
let url: string;
let requests: { method?: string; url?: string; headers: IncomingMessage["headers"] }[];
/** What the server answers, one after another; the last one for good. */
let answers: Answer[];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    void answer?.(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

const says =
  (status: number, body: object | string = {}): Answer =>
  (request, response) => {
    request.resume();
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
  };

const half: Answer = (_request, response) => {
  response.writeHead(200, { "content-length": "10" });
  response.write("half", () => response.destroy());
};

const listing = (...files: object[]) => says(200, { files });

function open(variables: Record<string, string> = {}, patienceMs = 5000): ArtifactStore {
  const all = { MLFLOW_TRACKING_URI: `${url}/below/`, ...variables };
  return createProxyStore("mlflow-artifacts:/p", all, patienceMs);
}

describe("a store behind an artifact proxy", () => {
  it.each([
    [{}, undefined],
    [{ MLFLOW_TRACKING_TOKEN: "t" }, "Bearer t"],
    [
      { MLFLOW_TRACKING_USERNAME: "me", MLFLOW_TRACKING_PASSWORD: "ü" },
      `Basic ${Buffer.from("me:ü").toString("base64")}`,
    ],
    [
      {
        MLFLOW_TRACKING_TOKEN: "t",
        MLFLOW_TRACKING_USERNAME: "me",
        MLFLOW_TRACKING_PASSWORD: "x",
      },
      "Basic bWU6eA==",
    ],
  ])("says who asks: %j", async (variables, authorization) => {
    answers = [says(200, "content")];

    expect(String(await open(variables).read("a b/c"))).toBe("content");

    expect(requests).toMatchObject([
      { method: "GET", url: "/below/api/2.0/mlflow-artifacts/artifacts/p/a%20b/c" },
    ]);
    expect(requests[0]?.headers.authorization).toBe(authorization);
  });

  it("asks again when the server cannot answer just now, with the whole body", async () => {
    const folder = await mkdtemp(join(tmpdir(), "proxy-store-"));
    vi.stubEnv("TMPDIR", folder);
    const bodies: Buffer[] = [];
    const takes: Answer = async (request, response) => {
      bodies.push(await buffer(request));
      response.end();
    };
    answers = [
      (request) => request.socket.destroy(),
      says(503),
      (request, response) => {
        request.resume();
        response.writeHead(429, { "retry-after": "0.01" }).end();
      },
      takes,
    ];
    const chunks = Array.from({ length: 12 }, () => Buffer.alloc(1_000_000, "x"));

    await open().write("long", Readable.from(chunks));

    expect(bodies.map((body) => body.equals(Buffer.concat(chunks)))).toEqual([true]);
    // A server need not take a body whose length it is not told.
    expect(requests.map(({ headers }) => headers["content-length"])).toEqual(
      Array(4).fill("12000000"),
    );
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it("reads a file once more that broke off", async () => {
    answers = [half, says(200, "whole file")];

    expect(String(await open().read("a"))).toBe("whole file");
  });

  it("takes the part that is wanted from a server that sends all of it", async () => {
    answers = [says(200, "0123456789")];

    expect(await text(await open().readStream("a", { start: 3, end: 5 }))).toBe("345");
    expect(requests[0]?.headers.range).toBe("bytes=3-5");
  });

  it("does not take an error of the server for a missing file", async () => {
    answers = [says(500), listing({ path: "a", is_dir: false, file_size: "3" }), says(200, "yes")];
    expect(String(await open().read("a"))).toBe("yes");

    answers = [says(500), listing({ path: "a", is_dir: true })];
    await expect(open().read("a")).rejects.toThrow(ArtifactNotFoundError);
  });

  it("says what it is not allowed, at once and without the password", async () => {
    answers = [says(401, { error_code: "UNAUTHENTICATED", message: "who are you?" })];
    const address = `${url}/api/2.0/mlflow-artifacts/artifacts`;
    const store = open({ MLFLOW_TRACKING_URI: url.replace("//", "//me:secret@") });

    await expect(store.write("a", "x")).rejects.toThrow(
      `${address}/p/a answered 401: UNAUTHENTICATED: who are you?; set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD`,
    );
    expect(requests).toHaveLength(1);

    answers = [says(507, { error_code: "RESOURCE_EXHAUSTED", message: "full" })];
    await expect(store.write("a", "x")).rejects.toThrow(
      `${address}/p/a answered 507: RESOURCE_EXHAUSTED: full; free space where the tracker keeps its artifacts`,
    );
    expect(requests).toHaveLength(2);
  });

  it("names the server that cannot be reached", async () => {
    server.close();

    await expect(open({}, 300).read("a")).rejects.toThrow(
      `${url} cannot be reached (ECONNREFUSED); start the tracker, or set MLFLOW_TRACKING_URI to its address`,
    );
  });

  it.each([
    ["<html>", "a page"],
    ['{"files":[{"path":"../x","is_dir":false}]}', "a name that leads out"],
    ['{"files":[{"path":"a/b","is_dir":false}]}', "a path"],
  ])("refuses a listing like %s", async (body) => {
    answers = [says(200, body)];

    await expect(open().entries("")).rejects.toThrow(
      `${url}/below does not list artifacts as MLflow does; is MLFLOW_TRACKING_URI the address of a tracker?`,
    );
  });
});

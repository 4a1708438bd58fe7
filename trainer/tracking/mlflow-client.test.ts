import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { callMlflow, type MlflowCall } from "./mlflow-client.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const answer =
  (status: number, body: string): Answer =>
  (response) =>
    response.writeHead(status).end(body);

/** A server that gives the answers one after another, the last one again and again. */
async function startServer(...answers: readonly Answer[]) {
  const requests: { method: string; url: string; headers: unknown; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    (answers[requests.length - 1] ?? answers.at(-1))?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const connection = { uri: `http://127.0.0.1:${port}/`, headers: {}, patienceMs: 1000 };
  return { connection, requests };
}

const call: MlflowCall<{ id: string }> = {
  method: "POST",
  path: "mlflow/runs/create",
  body: { experiment_id: "1" },
  answer: z.object({ id: z.string() }),
};

describe("callMlflow", () => {
  it("sends JSON and gives back what the answer must be", async () => {
    const { connection, requests } = await startServer(answer(200, '{"id": "7", "more": 1}'));
    const headers = { authorization: "Bearer token" };
    expect(await callMlflow({ ...connection, headers }, call)).toEqual({ id: "7" });
    expect(requests).toEqual([
      {
        method: "POST",
        url: "/api/2.0/mlflow/runs/create",
        headers: expect.objectContaining({ ...headers, "content-type": "application/json" }),
        body: '{"experiment_id":"1"}',
      },
    ]);
  });

  it("puts fields into the query and bytes into the body as they are", async () => {
    const { connection, requests } = await startServer(answer(200, ""));
    const query = { name: "a b", alias: "ü" };
    const nothing = z.object({});
    await callMlflow(connection, { method: "GET", path: "mlflow/x", query, answer: nothing });
    const body = Buffer.from("<svg/>");
    await callMlflow(connection, {
      method: "PUT",
      path: "mlflow-artifacts/y",
      body,
      answer: nothing,
    });
    expect(requests.map(({ method, url, body: sent }) => [method, url, sent])).toEqual([
      ["GET", "/api/2.0/mlflow/x?name=a+b&alias=%C3%BC", ""],
      ["PUT", "/api/2.0/mlflow-artifacts/y", "<svg/>"],
    ]);
  });

  it("tries again while the server cannot answer", async () => {
    const { connection, requests } = await startServer(
      answer(503, ""),
      answer(429, "{}"),
      answer(500, "oops"),
      (response) => response.destroy(),
      answer(200, '{"id": "7"}'),
    );
    expect(await callMlflow(connection, call)).toEqual({ id: "7" });
    expect(requests).toHaveLength(5);
  });

  it("does not try again what the server refuses, and says what it said", async () => {
    const body = '{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such run"}';
    const { connection, requests } = await startServer(answer(404, body));
    await expect(callMlflow(connection, call)).rejects.toMatchObject({
      name: "MlflowError",
      status: 404,
      code: "RESOURCE_DOES_NOT_EXIST",
      message:
        "the tracker answered POST mlflow/runs/create with 404 RESOURCE_DOES_NOT_EXIST: No such run",
    });
    expect(requests).toHaveLength(1);
  });

  it("does not repeat what must not happen twice, unless the server has surely not seen it", async () => {
    const once = { ...call, repeatable: false };
    const lost = await startServer((response) => response.destroy());
    await expect(callMlflow(lost.connection, once)).rejects.toThrow("cannot be reached");
    expect(lost.requests).toHaveLength(1);

    const busy = await startServer(answer(503, ""), answer(200, '{"id": "7"}'));
    expect(await callMlflow(busy.connection, once)).toEqual({ id: "7" });
  });

  it("gives up after its patience with one message", async () => {
    const { connection } = await startServer(answer(500, ""));
    const uri = connection.uri;
    await expect(callMlflow({ ...connection, patienceMs: 200 }, call)).rejects.toThrow(
      `the tracker at ${uri} cannot be reached (it answers 500), tried for 0.2 s; start it, or set MLFLOW_TRACKING_URI to its address`,
    );
  });

  it("does not wait longer than its patience for a server that says nothing", async () => {
    const { connection } = await startServer(() => {});
    const started = performance.now();
    await expect(callMlflow({ ...connection, patienceMs: 200 }, call)).rejects.toThrow(
      "cannot be reached",
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("ends at once when it is cancelled, with the reason", async () => {
    const { connection } = await startServer(() => {});
    const signal = AbortSignal.timeout(50);
    await expect(callMlflow({ ...connection, signal }, call)).rejects.toThrow("due to timeout");
  });

  it("recognises a server that is none of MLflow's", async () => {
    const { connection } = await startServer(answer(200, "<html>"));
    await expect(callMlflow(connection, call)).rejects.toThrow(
      /^the tracker answered POST mlflow\/runs\/create with 200 UNEXPECTED_ANSWER: .*; is it an MLflow server\?$/s,
    );
  });
});

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { HttpError } from "@updraft/contracts/http-error";
import express, { type NextFunction, type Request, type Response } from "express";
import { afterEach, describe, expect, it } from "vitest";
import { requireAdminToken } from "./admin-token.ts";

const adminToken = "an-admins-token-of-its-own";

describe("the administrator's token", () => {
  let server: Server | undefined;

  afterEach(() => server?.close());

  async function change(token: string | undefined, authorization?: string, method = "POST") {
    const app = express();
    app.use(requireAdminToken(token), (_request, response) => void response.json({ done: true }));
    app.use((error: HttpError, _request: Request, response: Response, _next: NextFunction) => {
      response.status(error.status).json({ error: error.message });
    });
    const started = createServer(app);
    server = started;
    await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { port } = started.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method, headers });
    return {
      status: answer.status,
      asks: answer.headers.get("www-authenticate"),
      body: await answer.json(),
    };
  }

  it.each(["POST", "GET", "DELETE"])("lets in who has it, at %s", async (method) => {
    expect(await change(adminToken, `Bearer ${adminToken}`, method)).toEqual({
      status: 200,
      asks: null,
      body: { done: true },
    });
  });

  it.each(["POST", "GET"])("keeps out who has none, at %s", async (method) => {
    expect(await change(adminToken, undefined, method)).toEqual({
      status: 401,
      asks: 'Bearer realm="administration"',
      body: {
        error: "changes need the administrator's token; send it as Authorization: Bearer <token>",
      },
    });
  });

  it.each([`${adminToken}x`, adminToken.slice(1), adminToken.toUpperCase(), "x".repeat(10_000)])(
    "keeps out who has another one, such as %.30s",
    async (given) => {
      const answer = await change(adminToken, `Bearer ${given}`);
      expect([answer.status, answer.body]).toEqual([
        401,
        { error: "the token is another one than this server's ADMIN_TOKEN" },
      ]);
    },
  );

  it("lets nobody in where none is set", async () => {
    expect(await change(undefined, "Bearer undefined")).toEqual({
      status: 403,
      asks: null,
      body: {
        error: "this server takes no changes from outside; set ADMIN_TOKEN to let them in",
      },
    });
  });
});

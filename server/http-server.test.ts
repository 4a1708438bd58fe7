import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpServer } from "./http-server.ts";

const headSeconds = 0.4;
const requestSeconds = 0.8;

describe("a server and those who take their time", () => {
  let server: Server;

  beforeAll(async () => {
    const app = express();
    app.post("/", express.raw({ type: () => true }), (_request, response) => {
      response.json({ done: true });
    });
    app.get("/half", (_request, response) => void response.write("half of"));
    server = createHttpServer(app, { keepAliveSeconds: 5, headSeconds, requestSeconds });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function connection(): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  }

  /** Sends some bytes, and then one every 50 ms. @returns what came until the connection ended */
  async function drip(first: string, more: string): Promise<{ answer: string; seconds: number }> {
    const started = performance.now();
    const socket = await connection();
    socket.on("error", () => undefined);
    socket.write(first);
    const dripping = setInterval(() => socket.write(more), 50);
    const answer = await text(socket);
    clearInterval(dripping);
    return { answer, seconds: (performance.now() - started) / 1000 };
  }

  const timeout =
    /^HTTP\/1\.1 408 Request Timeout\r\n.*\r\n\r\n\{"error":"the request took too long to arrive"\}$/s;

  it("ends a head that never ends", async () => {
    const { answer, seconds } = await drip("POST / HTTP/1.1\r\nHost: a\r\nx: ", "a");
    expect(answer).toMatch(timeout);
    expect(seconds).toBeGreaterThanOrEqual(headSeconds);
    expect(seconds).toBeLessThan(requestSeconds + 5);
  });

  it("ends a body that never ends", async () => {
    const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";
    const { answer, seconds } = await drip(head, "a");
    expect(answer).toMatch(timeout);
    expect(seconds).toBeGreaterThanOrEqual(requestSeconds);
  });

  it("ends a connection on which nothing ever comes", async () => {
    const socket = await connection();
    expect(await text(socket)).toMatch(timeout);
  });

  it("leaves a connection alone that is kept for the next request", async () => {
    const socket = await connection();
    const question = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    socket.write(question);
    await once(socket, "data");
    await sleep(headSeconds * 2500);
    socket.write(question);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
  });

  it("answers everybody else while 200 of them hold on", async () => {
    const slow = Array.from({ length: 200 }, () => drip("POST / HTTP/1.1\r\nHost: a\r\nx: ", "a"));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "{}" });
    expect(await answer.json()).toEqual({ done: true });
    const ends = await Promise.all(slow);
    expect(ends.filter(({ answer: end }) => !timeout.test(end))).toEqual([]);
  });

  it.each([
    ["no request at all\r\n\r\n", "400 Bad Request", "this is no HTTP request"],
    [
      `GET / HTTP/1.1\r\nx: ${"a".repeat(100_000)}`,
      "431 Request Header Fields Too Large",
      "the request's head is too large",
    ],
  ])("says what is wrong with %.30s", async (bytes, status, message) => {
    const socket = await connection();
    socket.on("error", () => undefined);
    socket.write(bytes);
    expect(await text(socket)).toBe(
      [
        `HTTP/1.1 ${status}`,
        "Connection: close",
        "Content-Type: application/json",
        `Content-Length: ${JSON.stringify({ error: message }).length}`,
        "",
        JSON.stringify({ error: message }),
      ].join("\r\n"),
    );
  });

  it.each([
    ["x: a", 400, "the request names no host; send a Host header"],
    ["Host: a\r\nExpect: b", 417, '"Expect" is "b"; expected 100-continue or nothing'],
  ])("refuses a head with %j with %i", async (headers, status, message) => {
    const socket = await connection();
    socket.write(`GET /half HTTP/1.1\r\n${headers}\r\n\r\n`);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*content-type: application/json`, "s"));
    expect(JSON.parse(body)).toEqual({ error: message });
  });

  it("puts no other answer into half of one", async () => {
    const socket = await connection();
    socket.on("error", () => undefined);
    socket.write("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "data");
    socket.write("no request at all\r\n\r\n");
    expect(await text(socket)).not.toContain("HTTP/1.1");
  });
});

import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, it } from "vitest";
import { z } from "zod";
import { createRandom } from "./odd-requests.ts";
import {
  oddServerRequest,
  type OddServerRequest,
  type ServerRoute,
} from "./odd-server-requests.ts";
import { memoryOf } from "./process-memory.ts";
import { servedSums, type ServedSums } from "./served-sums.ts";

/** How many requests are sent. */
const count = Number(process.env["SERVER_FUZZ_REQUESTS"] ?? "100000");

const clients = 16;

/** Texts that only the server's own files have. */
const inside = /node_modules|\.ts:\d+|file:\/\//;

const ErrorBody = z.strictObject({ error: z.string().min(1) });

/** Status, length and what follows the head. */
const firstAnswer = /^HTTP\/1\.1 (\d{3})(?:.*?\r\ncontent-length: (\d+))?.*?\r\n\r\n(.*)$/is;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

async function send(served: ServedSums, agent: Agent, odd: OddServerRequest): Promise<Answer> {
  const { method, path, body } = odd;
  const length = body === undefined ? {} : { "content-length": body.length };
  const headers = { ...odd.headers, ...length };
  const sent = request({ host: "127.0.0.1", port: served.port, agent, method, path, headers });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  sent.end(body);
  const [answer] = await answered;
  // Who is refused for its size may find the connection closed before all is sent.
  sent.on("error", () => undefined);
  return {
    status: answer.statusCode ?? 0,
    type: answer.headers["content-type"] ?? "",
    body: await buffer(answer),
  };
}

/** What is wrong with an answer, if anything. */
function fault({ method }: OddServerRequest, { status, type, body }: Answer): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  // 501 is for verbs of the protocols that no model here has.
  const isExpected = (status >= 400 && status < 500) || status === 501 || status === 503;
  if (!isExpected) return `status ${status}`;
  if (method === "HEAD") return undefined;
  if (type !== "application/json") return `${status} as ${type}`;
  const text = body.toString();
  if (inside.test(text)) return `${status} tells of the inside`;
  return ErrorBody.safeParse(parsed(text)).success ? undefined : `${status} is no error object`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every route that the server describes, with the names that it knows. */
async function routesOf({ url }: ServedSums): Promise<ServerRoute[]> {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace("{model}", "sums").replace("{version}", "7").replaceAll(/[{}]/g, ""),
    })),
  );
}

it(`answers ${count} odd requests, none with an error of its own, and keeps its memory`, async () => {
  const served = await servedSums();
  const routes = await routesOf(served);
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const faults: object[] = [];
  const statuses = new Map<number, number>();
  const memory: number[] = [];
  const client = async (first: number, end: number) => {
    for (let number = first; number < end; number += clients) {
      const odd = oddServerRequest(number, routes);
      const answer = await send(served, agent, odd);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const problem = fault(odd, answer);
      if (problem === undefined) continue;
      const shown = odd.body?.toString("latin1").slice(0, 300);
      faults.push({
        problem,
        number,
        ...odd,
        body: shown,
        answer: String(answer.body).slice(0, 300),
      });
    }
  };
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const [from, to] = [quarter, quarter + 1].map((part) => Math.floor((part * count) / 4));
    const ids = Array.from({ length: clients }, (_, id) => id);
    await Promise.all(ids.map((id) => client((from ?? 0) + id, to ?? 0)));
    memory.push(Math.round(memoryOf(served.pid).residentMiB));
  }
  agent.destroy();

  process.stdout.write(
    `${[...statuses].map((pair) => pair.join(" ")).join(", ")}; ${memory.join(", ")} MiB\n`,
  );
  expect(faults.slice(0, 10)).toEqual([]);
  expect(memory[3]).toBeLessThan((memory[0] ?? 0) * 1.25);
  expect(served.alive).toBe(true);
  expect(served.errors).toEqual([]);
  // Else the requests would not have got far enough to find anything.
  expect(statuses.get(200)).toBeGreaterThan(count / 5);
  const answer = await fetch(`${served.url}/predict`, {
    method: "POST",
    body: '{"features":[1,2,3,4]}',
  });
  expect(await answer.json()).toMatchObject({ prediction: 1, label: "two" });
});

it("survives 500 connections on which anything comes", async () => {
  const served = await servedSums();
  const statuses = new Set<number>();
  const faults: string[] = [];
  for (let number = 0; number < 500; number += 1) {
    const answer = await sendBytes(served, oddBytes(number));
    // Who goes away, or asks for a tunnel, gets none.
    if (answer === "") continue;
    const [, status, length, rest = ""] = firstAnswer.exec(answer) ?? [];
    statuses.add(Number(status));
    const body = parsed(rest.slice(0, Number(length)));
    if (Number(status) >= 400 && !ErrorBody.safeParse(body).success) faults.push(answer);
  }

  expect(faults).toEqual([]);
  expect([...statuses].filter((status) => status >= 500)).toEqual([]);
  expect(statuses).toContain(400);
  expect((await fetch(`${served.url}/ready`)).status).toBe(200);
  expect(served.errors).toEqual([]);
});

/** @returns what came until the connection ended */
async function sendBytes({ port }: ServedSums, bytes: Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.end(bytes);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

/** Bytes that may be no HTTP at all, the same for the same number. */
function oddBytes(number: number): Buffer {
  const random = createRandom(number);
  const parts = [
    ["GET / HTTP/1.1\r\n", "POST /predict HTTP/1.1\r\n", "CONNECT a:1 HTTP/1.1\r\n", "GET /", "\0"],
    ["Host: a\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: -1\r\n", "Upgrade: h2c\r\n"],
    ["Content-Length: 5\r\nContent-Length: 6\r\n", "Expect: 100-continue\r\n", ": \r\n", ""],
    ["\r\n", "\r\nzz\r\n", "\r\n\xff", "\r\nffffffffffffffff\r\n"],
  ];
  const text = parts.map((some) => some[Math.floor(random() * some.length)]).join("");
  const noise = Array.from({ length: random() * 64 }, () => Math.floor(random() * 256));
  return Buffer.concat([Buffer.from(text, "latin1"), Buffer.from(noise)]);
}

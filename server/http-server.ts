import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** How long clients may take. */
export interface HttpServerOptions {
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number;
  /** Longest time from the first byte of a request, or from a new connection, to the end of its head. */
  readonly headSeconds: number;
  /** Longest time to the end of its body. */
  readonly requestSeconds: number;
}

/** What is wrong with what came, by the code of Node's error. */
const problems: Readonly<Record<string, readonly [number, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "the request took too long to arrive"],
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large", "the request's head is too large"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "Payload Too Large", "the body's chunks are too large"],
};

/**
 * A server that waits for no client for ever: who opens connections and says a byte now and then
 * gets 408 and is gone. What is no HTTP gets an error like all others.
 */
export function createHttpServer(app: RequestListener, options: HttpServerOptions): Server {
  const shortest = Math.min(options.headSeconds, options.requestSeconds);
  const server = createServer(
    {
      // Node refuses a time for the head that is longer than that for all.
      headersTimeout: shortest * 1000,
      requestTimeout: options.requestSeconds * 1000,
      // Node looks every 30 s otherwise, however short the times are.
      connectionsCheckingInterval: Math.min(1000, shortest * 500),
      // Node would refuse it too, without a word.
      requireHostHeader: false,
    },
    (request, answer) => {
      if (request.headers.host === undefined && request.httpVersion === "1.1") {
        refuse(answer, 400, "the request names no host; send a Host header");
      } else app(request, answer);
    },
  );
  server.on("checkExpectation", ({ headers }, answer) => {
    refuse(answer, 417, `"Expect" is "${headers.expect}"; expected 100-continue or nothing`);
  });
  server.keepAliveTimeout = options.keepAliveSeconds * 1000;
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on("request", ({ socket }, answer) => void answers.set(socket, answer));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket);
    const isAnswering = answer?.headersSent === true && !answer.writableEnded;
    // Half an answer cannot become another one.
    if (isAnswering || !socket.writable || error.code === "ECONNRESET") socket.destroy();
    else socket.end(refusal(error.code ?? ""), () => socket.destroy());
  });
  return server;
}

function refuse(answer: ServerResponse, status: number, message: string): void {
  answer.statusCode = status;
  answer.setHeader("connection", "close");
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify({ error: message }));
}

function refusal(code: string): string {
  const [status, reason, message] = problems[code] ?? [
    400,
    "Bad Request",
    "this is no HTTP request",
  ];
  const body = JSON.stringify({ error: message });
  return [
    `HTTP/1.1 ${status} ${reason}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

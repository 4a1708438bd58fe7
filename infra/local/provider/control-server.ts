import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Supervisor } from "./supervisor.ts";
import { type ControlFile, ServiceSpec } from "./supervisor-protocol.ts";

/**
 * How the provider reaches a supervisor later on: `GET /status`, `PUT /service` with a spec (a
 * rollout) and `POST /stop`, on a port of 127.0.0.1, with a token.
 */
export async function startControlServer(
  supervisor: Supervisor,
  onStopped: () => void,
): Promise<ControlFile> {
  const token = randomBytes(32).toString("base64url");
  const handle = async (request: IncomingMessage, answer: ServerResponse) => {
    const allowed = sameText(request.headers.authorization ?? "", `Bearer ${token}`);
    const reply: Reply = allowed ? await respond(supervisor, request) : { status: 401, body: {} };
    if (reply.stopped) answer.once("close", onStopped);
    answer.writeHead(reply.status, { "content-type": "application/json", connection: "close" });
    answer.end(JSON.stringify(reply.body));
  };
  const server = createServer((request, answer) => void handle(request, answer));
  // The port is no reason to stay: the service is.
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return { pid: process.pid, controlPort: (server.address() as AddressInfo).port, token };
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly stopped?: boolean;
}

async function respond(supervisor: Supervisor, request: IncomingMessage): Promise<Reply> {
  try {
    switch (`${request.method} ${request.url}`) {
      case "GET /status":
        return { status: 200, body: supervisor.status() };
      case "PUT /service":
        await supervisor.roll(ServiceSpec.parse(await json(request)));
        return { status: 200, body: supervisor.status() };
      case "POST /stop":
        await supervisor.stop();
        return { status: 200, body: {}, stopped: true };
      default:
        return { status: 404, body: {} };
    }
  } catch (error) {
    return {
      status: 409,
      body: { message: error instanceof Error ? error.message : String(error) },
    };
  }
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

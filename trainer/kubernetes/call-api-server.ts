import { request } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { messageOf } from "@updraft/contracts/message-of";
import { z } from "zod";
import type { Pod } from "./pod.ts";

/** One call of the API. */
export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** `/api/v1/namespaces/…`, with its query. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

/** The API server answered, and said no. */
export class ApiServerError extends Error {
  readonly status: number;

  constructor(pod: Pod, { method, path }: ApiCall, status: number, message: string) {
    super(`${pod.apiServer} answered ${method} ${path} with ${status}: ${message}`);
    this.name = "ApiServerError";
    this.status = status;
  }
}

/** Longest time for one answer, in milliseconds. */
const longestAnswerMs = 10_000;
/** What even the last try has, in milliseconds. */
const shortestAnswerMs = 1000;
/** 401: the token has just been replaced, and is read anew. */
const retriedStatuses = new Set([401, 408, 409, 429, 500, 502, 503, 504]);

/** What the API server says when it says no. */
const Status = z.object({ message: z.string().min(1) });

/**
 * Calls the API server, again and again while it is away; the call must do no harm twice.
 * @param patienceMs how long it is tried, in milliseconds
 * @throws {ApiServerError} if it refuses
 * @throws if it stays away
 */
export async function callApiServer(pod: Pod, call: ApiCall, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = Math.max(shortestAnswerMs, deadline - performance.now());
    const problem = await tryOnce(pod, call, Math.min(longestAnswerMs, leftMs)).then(
      (answer) => problemIn(pod, call, answer),
      (error: unknown) =>
        new Error(
          `the API server ${pod.apiServer} cannot be reached (${messageOf(error)}), tried for ${patienceMs / 1000} s`,
          { cause: error },
        ),
    );
    if (problem === undefined) return;
    const pauseMs = Math.min(2000, 100 * 2 ** attempt);
    const isFinal = problem instanceof ApiServerError && !retriedStatuses.has(problem.status);
    if (isFinal || performance.now() + pauseMs > deadline) throw problem;
    await sleep(pauseMs);
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

async function tryOnce(pod: Pod, call: ApiCall, timeoutMs: number): Promise<Answer> {
  const token = await pod.token();
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request(
    new URL(call.path, pod.apiServer),
    {
      method: call.method,
      ca: pod.ca,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        "content-type": call.contentType,
        "content-length": Buffer.byteLength(call.body),
        "user-agent": "updraft-trainer",
      },
    },
    (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    },
  );
  sent.on("error", reject);
  sent.end(call.body);
  return promise;
}

function problemIn(pod: Pod, call: ApiCall, { status, body }: Answer): ApiServerError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const said = Status.safeParse(jsonIn(body));
  return new ApiServerError(
    pod,
    call,
    status,
    said.success ? said.data.message : body.slice(0, 200),
  );
}

import type { IncomingMessage } from "node:http";
import { Router, type Request, type RequestHandler } from "express";
import type { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";
import { authenticatedUser } from "../auth/authenticate.ts";
import { parseAuthorization } from "../auth/authorization.ts";
import type { Mover } from "../store/promotions.ts";
import { toJson } from "./json.ts";
import { problemIn } from "./problem.ts";

/** MLflow's operations have four levels; what is nested much deeper exhausts the stack. */
const deepestBody = 100;

type Method = "get" | "post" | "patch" | "delete";

/** One of MLflow's operations: where it is, what it takes, what it answers. */
export interface Endpoint {
  readonly methods: readonly Method[];
  /** Below `/api/2.0/mlflow`, in Express' notation. */
  readonly path: string;
  /** Longest body, where it is less than what any operation may have. */
  readonly maxBytes?: number;
  answer(fields: unknown, caller: Mover): Promise<object>;
}

/**
 * An operation whose fields are checked before it is called. What the store throws is answered
 * by the error middleware.
 * @param plain fields that need no schema, or undefined if they do
 */
export function endpoint<Fields extends z.ZodType>(
  methods: Method | readonly Method[],
  path: string,
  fields: Fields,
  answer: (fields: z.output<Fields>, caller: Mover) => Promise<object | void>,
  plain?: (raw: object) => z.output<Fields> | undefined,
): Endpoint {
  return {
    methods: typeof methods === "string" ? [methods] : methods,
    path,
    async answer(raw, caller) {
      const known = plain?.(raw as object);
      if (known !== undefined) return (await answer(known, caller)) ?? {};
      const parsed = fields.safeParse(raw);
      if (!parsed.success) throw problemIn(parsed.error, raw);
      return (await answer(parsed.data, caller)) ?? {};
    },
  };
}

/** Serves operations; the body must have been read already. */
export function endpointRouter(endpoints: readonly Endpoint[]): Router {
  const router = Router({ caseSensitive: true });
  for (const { methods, path, maxBytes = Number.POSITIVE_INFINITY, answer } of endpoints) {
    const handler: RequestHandler = async (request, response) => {
      checkLength(request.body, maxBytes);
      const fields = { ...fieldsOf(request), ...request.params };
      const result = await answer(fields, callerOf(request));
      response.type("json").send(toJson(result));
    };
    for (const method of methods) router[method](path, handler);
  }
  return router;
}

function checkLength(body: unknown, maxBytes: number): void {
  if (!Buffer.isBuffer(body) || body.length <= maxBytes) return;
  throw invalidParameter(
    `Batched logging API requests must be at most ${maxBytes} bytes, got a request of size ${body.length}.`,
  );
}

/** The fields: of the query for GET, of the JSON body otherwise, whatever its content type. */
function fieldsOf(request: Request): object {
  if (request.method === "GET") {
    const query = new URL(request.originalUrl, "http://tracker").searchParams;
    if (query.size > 0) return fieldsInQuery(query);
  }
  return fieldsInBody(request.body);
}

function fieldsInQuery(query: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = query.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );
}

function fieldsInBody(body: unknown): object {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  const fields = parseJson(body);
  if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) {
    dropNulls(fields);
    return fields;
  }
  throw invalidParameter("The body of the request is not a JSON object");
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch (error) {
    throw invalidParameter(
      `The body of the request is not JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

/** In protobuf's JSON, which MLflow speaks, a field that is null is one that is not there. */
function dropNulls(value: object, depth = 0): void {
  if (depth > deepestBody) {
    throw invalidParameter(`The body of the request is nested deeper than ${deepestBody} levels`);
  }
  const fields = value as Record<string, unknown>;
  for (const name in fields) {
    const field = fields[name];
    if (typeof field !== "object") continue;
    if (field !== null) dropNulls(field, depth + 1);
    else if (!Array.isArray(value)) delete fields[name];
  }
}

/** Where nobody is authenticated, the name that the request gives is taken as it is. */
function callerOf(request: IncomingMessage): Mover {
  const client = request.headers["user-agent"]?.slice(0, 255);
  const user =
    authenticatedUser(request)?.name ?? parseAuthorization(request.headers.authorization)?.name;
  return { user: user?.slice(0, 255), client };
}

import { z } from "zod";
import type { ServedModel } from "../models/served-model.ts";
import { components, type Content, ErrorAnswer, type Operation } from "./operation.ts";
import { serverOperations } from "./server-operations.ts";
import { v1Operations } from "./v1-operations.ts";
import { v2Operations } from "./v2-operations.ts";

/** Every route of the server. */
export const operations: readonly Operation[] = [
  ...serverOperations,
  ...v1Operations,
  ...v2Operations,
];

/** An error's status in words. */
const reasons: Readonly<Record<number, string>> = {
  400: "The request cannot be understood; the message says what was expected.",
  401: "The server has a token, and the request has another one or none.",
  404: "There is no such model or version.",
  409: "Something else was said before, and that counts.",
  413: "The body or the image is larger than what is read.",
  415: "It is of a type that is not read.",
  501: "It is not implemented.",
  503: "The model is being loaded, too much is waiting, or the server is stopping.",
};

/** Who describes, and for whom. */
export interface OpenApiOptions {
  /** What serves, for the examples. */
  readonly model: ServedModel | undefined;
  /** Whether predictions need a token. */
  readonly hasToken: boolean;
}

/**
 * Describes every route, with examples that the model which serves answers.
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApi({ model, hasToken }: OpenApiOptions) {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {});
    item[operation.method] = described(operation, model, hasToken);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Updraft inference server",
      version: "1",
      description: "Predictions of one model, over several protocols.",
    },
    paths,
    components: {
      schemas: componentSchemas(),
      ...(hasToken ? { securitySchemes: { token: { type: "http", scheme: "bearer" } } } : {}),
    },
  };
}

function described(operation: Operation, model: ServedModel | undefined, hasToken: boolean) {
  const { method, path, tag, summary, description, body, example, needsToken } = operation;
  const shown = model && example?.(model);
  return {
    operationId: `${method} ${path}`.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, ""),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parametersOf(operation),
    ...(body ? { requestBody: { required: true, content: contentOf(body, shown) } } : {}),
    responses: responsesOf(operation, hasToken),
    ...(hasToken && needsToken ? { security: [{ token: [] }] } : {}),
  };
}

function parametersOf({ path, query, headers = {} }: Operation): object[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return [
    ...names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => {
      const { description, ...rest } = inline(schema as z.ZodType);
      return { name, in: "query", description, schema: rest };
    }),
    ...Object.entries(headers).map(([name, description]) => {
      return { name, in: "header", description, schema: { type: "string" } };
    }),
  ];
}

function responsesOf({ answer, errors = [] }: Operation, hasToken: boolean) {
  const said = errors.filter((status) => status !== 401 || hasToken);
  const failures = said.map((status) => [
    String(status),
    {
      description: reasons[status] ?? "",
      content: contentOf({ "application/json": ErrorAnswer }),
    },
  ]);
  return {
    ...(answer ? { "200": { description: "The answer.", content: contentOf(answer) } } : {}),
    ...Object.fromEntries(failures),
  };
}

function contentOf(content: Content, example?: unknown): Record<string, object> {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      {
        ...(schema ? { schema: schemaOf(schema) } : {}),
        ...(type === "application/json" && example !== undefined ? { example } : {}),
      },
    ]),
  );
}

/** A reference to a schema that has a name, or the schema itself. */
function schemaOf(schema: z.ZodType): object {
  const id = components.get(schema)?.id;
  if (id !== undefined) return { $ref: uri(id) };
  if (schema instanceof z.ZodUnion) {
    return { anyOf: schema.options.map((option) => schemaOf(option as z.ZodType)) };
  }
  return inline(schema);
}

function uri(id: string): string {
  return `#/components/schemas/${id}`;
}

function inline(schema: z.ZodType): Record<string, unknown> {
  return withoutNames(z.toJSONSchema(schema));
}

function componentSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(components, { uri });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => [id, withoutNames(schema)]),
  );
}

/** Of a schema in this document the place says what it is, and the document in which dialect. */
function withoutNames(schema: object): Record<string, unknown> {
  const names = new Set(["$schema", "$id"]);
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !names.has(key)));
}

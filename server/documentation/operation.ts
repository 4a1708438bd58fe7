import { z } from "zod";
import type { ServedModel } from "../models/served-model.ts";

/** A body by its content type: its schema, or nothing of it where it is no JSON. */
export type Content = Readonly<Record<string, z.ZodType | undefined>>;

/** A route as it is described to people and to programs. */
export interface Operation {
  readonly method: "get" | "post";
  /** As OpenAPI writes it: `/v1/models/{model}`. */
  readonly path: string;
  /** The chapter in which it stands. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What may stand in the address behind the question mark. */
  readonly query?: z.ZodObject;
  /** Headers that mean something, and what. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Content;
  /** A body of JSON that this model answers. */
  readonly example?: (model: ServedModel) => unknown;
  /** What comes with 200; nothing if it never does. */
  readonly answer?: Content;
  /** Statuses of the errors that are to be expected; all are `{"error": "…"}`. */
  readonly errors?: readonly number[];
  /** Whether it asks a model, and so needs the token of a server that has one. */
  readonly needsToken?: boolean;
}

/** The schemas that have a name in the document. */
export const components = z.registry<{ id: string }>();

/** Gives a schema the name under which the document has it. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  // A registry knows a schema by itself, and other documents may use this one.
  const own = schema.clone() as Schema;
  components.add(own, { id });
  return own;
}

/** A body of JSON. */
export function json(schema: z.ZodType): Content {
  return { "application/json": schema };
}

/** The example of the package, as the first input's values, flattened row-major. */
export function exampleOf({ content, input }: ServedModel): number[] {
  return content.signature.example.inputs[input.name] ?? [];
}

/** What every error is. */
export const ErrorAnswer = named("Error", z.strictObject({ error: z.string() }));

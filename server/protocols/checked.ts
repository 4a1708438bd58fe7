import type { z } from "zod";
import { badRequest } from "./bad-request.ts";

/**
 * What a client sent, as a schema has it.
 * @param where what is read, as the message begins: `the body`
 * @throws {HttpError} 400 with every problem at once, as far as there is room for them
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  throw badRequest(`${where} cannot be read: ${problems.join("; ").slice(0, 500)}`);
}

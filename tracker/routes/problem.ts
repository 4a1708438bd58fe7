import type { HttpError } from "@updraft/contracts/http-error";
import type { z } from "zod";
import { invalidParameter } from "../mlflow-error.ts";

const hint = "See the API docs for more information about request parameters.";

/** What is wrong with the fields of a request, in MLflow's words: a 400 about the first of them. */
export function problemIn(error: z.ZodError, fields: unknown): HttpError {
  const issue = error.issues[0];
  if (!issue) throw new Error("unreachable: an error without an issue");
  if (issue.code === "custom") return invalidParameter(issue.message);
  const name = nameOf(issue.path);
  const value = valueAt(fields, issue.path);
  if (value === undefined || value === "") {
    return invalidParameter(`Missing value for required parameter '${name}'. ${hint}`);
  }
  return invalidParameter(
    `Invalid value ${shortened(value)} for parameter '${name}' supplied: ${issue.message}. ${hint}`,
  );
}

/** `metrics[0].key` */
function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    return name === "" ? String(part) : `${name}.${String(part)}`;
  }, "");
}

function valueAt(fields: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    fields,
  );
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

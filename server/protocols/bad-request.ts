import { HttpError } from "@updraft/contracts/http-error";

/** What is wrong with a request, as it is counted; `form` is whatever else is. */
export type Fault = "json" | "form" | "shape" | "type" | "range" | "image";

/** A client asked for something that cannot be. */
export class BadRequestError extends HttpError {
  readonly fault: Fault;

  constructor(message: string, fault: Fault, options?: ErrorOptions) {
    super(400, "INVALID_ARGUMENT", message, options);
    this.name = "BadRequestError";
    this.fault = fault;
  }
}

/** What is thrown where a client asked for something that cannot be. */
export function badRequest(message: string, fault: Fault = "form"): HttpError {
  return new BadRequestError(message, fault);
}

/** Names that a client chose, as a message repeats them: a few, and none of them long. */
export function quoted(names: readonly string[]): string {
  const some = names.slice(0, 5).map((name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name));
  if (some.length < names.length) some.push(`${names.length - some.length} more`);
  return some.join(", ") || "none";
}

/** A value that a client chose, as a message repeats it: JSON as far as there is room for it. */
export function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(quoted([value]));
  if (Array.isArray(value)) {
    const items = value.slice(0, 8).map((item) => (Array.isArray(item) ? "[…]" : shown(item)));
    return `[${[...items, ...(value.length > 8 ? ["…"] : [])].join(", ")}]`;
  }
  return typeof value === "object" && value !== null ? "{…}" : String(value);
}

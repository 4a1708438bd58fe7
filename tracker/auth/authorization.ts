/** What a request says about who sends it. */
export interface Presented {
  /** Without one the secret alone says who it is, as with a bearer token. */
  readonly name?: string | undefined;
  readonly secret: string;
}

/**
 * Reads the header `Authorization`: `Bearer <token>`, or `Basic` with name and password.
 * @returns undefined for no header, and for one that is neither
 * @see https://www.rfc-editor.org/rfc/rfc7617 and https://www.rfc-editor.org/rfc/rfc6750
 */
export function parseAuthorization(header: string | undefined): Presented | undefined {
  const [, scheme = "", given = ""] = /^(\w+) +(.+)$/.exec((header ?? "").trim()) ?? [];
  if (scheme.toLowerCase() === "bearer") return { secret: given };
  if (scheme.toLowerCase() !== "basic" || !/^[A-Za-z0-9+/]+={0,2}$/.test(given)) return undefined;
  const [, name = "", secret = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(given, "base64").toString("utf8")) ?? [];
  if (secret === "") return undefined;
  return name === "" ? { secret } : { name, secret };
}

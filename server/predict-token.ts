import { createHash, timingSafeEqual } from "node:crypto";
import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler } from "express";

/**
 * Lets only those ask a model who have the token, as `Authorization: Bearer <token>`. What is only
 * read stays open.
 * @param token without one, everybody may ask
 */
export function requireToken(token: string | undefined): RequestHandler {
  const expected = token === undefined ? undefined : digestOf(token);
  return (request, response, next) => {
    if (!expected || request.method !== "POST") return next();
    const [, given] = /^bearer +(\S+) *$/i.exec(request.get("authorization") ?? "") ?? [];
    // Digests are equally long whatever was given, which the comparison needs.
    if (given !== undefined && timingSafeEqual(digestOf(given), expected)) return next();
    response.set("www-authenticate", 'Bearer realm="predictions"');
    throw new HttpError(
      401,
      "UNAUTHENTICATED",
      given === undefined
        ? "predictions need a token; send it as Authorization: Bearer <token>"
        : "the token is another one than this server's",
    );
  };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

import { createHash, timingSafeEqual } from "node:crypto";
import type { Request } from "express";

/**
 * What a request shows of the token, as `Authorization: Bearer <token>`: the right one, another one
 * or none. How long the comparison takes tells nothing about the token.
 * @param token at least one character
 */
export function tokenCheck(token: string): (request: Request) => "right" | "wrong" | "none" {
  const expected = digestOf(token);
  return (request) => {
    const [, given] = /^bearer +(\S+) *$/i.exec(request.get("authorization") ?? "") ?? [];
    if (given === undefined) return "none";
    // Digests are equally long whatever was given, which the comparison needs.
    return timingSafeEqual(digestOf(given), expected) ? "right" : "wrong";
  };
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

import { createHash, timingSafeEqual } from "node:crypto";
import { HttpError } from "@updraft/contracts/http-error";
import type { Request, Response } from "express";

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

/**
 * Refuses a request that does not show the token.
 * @param realm what the token is for
 * @throws {HttpError} 401, always
 */
export function refuse(response: Response, realm: string, message: string): never {
  response.set("www-authenticate", `Bearer realm="${realm}"`);
  throw new HttpError(401, "UNAUTHENTICATED", message);
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

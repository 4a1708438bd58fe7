import type { RequestHandler } from "express";
import { refuse, tokenCheck } from "./bearer-token.ts";

/**
 * Lets only those ask a model who have the token, as `Authorization: Bearer <token>`. What is only
 * read stays open.
 * @param token without one, everybody may ask
 */
export function requireToken(token: string | undefined): RequestHandler {
  const shown = token === undefined ? undefined : tokenCheck(token);
  return (request, response, next) => {
    if (!shown || request.method !== "POST") return next();
    const given = shown(request);
    if (given === "right") return next();
    refuse(
      response,
      "predictions",
      given === "none"
        ? "predictions need a token; send it as Authorization: Bearer <token>"
        : "the token is another one than this server's",
    );
  };
}

import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler } from "express";
import { refuse, tokenCheck } from "./bearer-token.ts";

/**
 * Lets only those change what is served who have the administrator's token, as
 * `Authorization: Bearer <token>`, whatever the method.
 * @param token without one nobody may: a server that strangers reach is closed unless somebody opens it
 */
export function requireAdminToken(token: string | undefined): RequestHandler {
  const shown = token === undefined ? undefined : tokenCheck(token);
  return (request, response, next) => {
    if (!shown) {
      const message = "this server takes no changes from outside; set ADMIN_TOKEN to let them in";
      throw new HttpError(403, "PERMISSION_DENIED", message);
    }
    const given = shown(request);
    if (given === "right") return next();
    refuse(
      response,
      "administration",
      given === "none"
        ? "changes need the administrator's token; send it as Authorization: Bearer <token>"
        : "the token is another one than this server's ADMIN_TOKEN",
    );
  };
}

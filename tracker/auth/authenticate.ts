import type { IncomingMessage } from "node:http";
import { HttpError } from "@updraft/contracts/http-error";
import type { RequestHandler, Response } from "express";
import type { Logger } from "pino";
import { neededAccess, suffices } from "./access.ts";
import { parseAuthorization } from "./authorization.ts";
import type { Access, Credentials, User } from "./credentials.ts";

/** Who may use the tracker. */
export interface Authentication {
  /** Asked with every request, because they may change. Without any, nobody is authenticated. */
  readonly credentials?: (() => Credentials) | undefined;
  /** What may be done without credentials. */
  readonly anonymous: Access | "none";
}

const users = new WeakMap<IncomingMessage, User>();

/** The user that a request was authenticated as. */
export function authenticatedUser(request: IncomingMessage): User | undefined {
  return users.get(request);
}

/**
 * Lets a request pass if whoever sends it may do what it asks for. Wrong credentials are refused
 * also where none are needed, so that a mistake shows; without a file of credentials they are not
 * looked at.
 */
export function authenticate(
  { credentials, anonymous }: Authentication,
  log: Logger,
): RequestHandler {
  return (request, response, next) => {
    const needed = neededAccess(request.method, request.path);
    if (needed === "none") return next();
    const header = request.headers.authorization;
    if (credentials && header !== undefined) {
      const presented = parseAuthorization(header);
      const user = presented && credentials().userOf(presented);
      if (!user) {
        log.warn({ from: request.socket.remoteAddress }, "wrong credentials were refused");
        return refuse(response, "The credentials are not those of a user of this tracker");
      }
      users.set(request, user);
      if (suffices(user.access, needed)) return next();
      throw new HttpError(403, "PERMISSION_DENIED", `${user.name} may read here, but not write`);
    }
    if (suffices(anonymous, needed)) return next();
    if (!credentials) {
      throw new HttpError(403, "PERMISSION_DENIED", "This tracker may be read, but not written to");
    }
    refuse(
      response,
      "This tracker needs credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD",
    );
  };
}

/** Asks for credentials, in the way that makes a browser ask for them. */
function refuse(response: Response, message: string): never {
  response.append("WWW-Authenticate", 'Basic realm="Updraft tracker", charset="UTF-8"');
  response.append("WWW-Authenticate", 'Bearer realm="Updraft tracker"');
  throw new HttpError(401, "UNAUTHENTICATED", message);
}

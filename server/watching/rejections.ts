import { HttpError } from "@updraft/contracts/http-error";
import type { ErrorRequestHandler } from "express";
import { Counter, type Registry } from "prom-client";
import { BadRequestError, type Fault } from "../protocols/bad-request.ts";
import { isPrediction, labelsOf } from "./metrics.ts";

/** Why a predict request was not answered, where the client can do something about it. */
export type Rejection = Fault | "token" | "model" | "size" | "media";

const byStatus: Readonly<Record<number, Rejection>> = {
  400: "form",
  401: "token",
  404: "model",
  413: "size",
  415: "media",
};

/** Why an error is the client's; nothing if it is not. */
export function rejectionOf(error: unknown): Rejection | undefined {
  if (error instanceof BadRequestError) return error.fault;
  if (error instanceof HttpError) return byStatus[error.status];
  // What reads bodies throws errors of its own, which have a status too.
  return error instanceof Error && "status" in error ? byStatus[Number(error.status)] : undefined;
}

/** Counts the predict requests that are refused, on the way to what tells the client. */
export function countRejections(registers: Registry[]): ErrorRequestHandler {
  const rejected = new Counter({
    name: "prediction_rejected_total",
    help: "Predict requests that do not fit what the model takes, by what is wrong with them.",
    labelNames: ["model", "version", "reason"],
    registers,
  });
  return (error, request, response, next) => {
    const reason = isPrediction(request) ? rejectionOf(error) : undefined;
    if (reason) rejected.inc({ ...labelsOf(response), reason });
    next(error);
  };
}

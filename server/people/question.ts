import { HttpError } from "@updraft/contracts/http-error";
import { badRequest } from "../protocols/bad-request.ts";
import { checked } from "../protocols/checked.ts";
import { formQuestion } from "./form-question.ts";
import { imageOfDataUrl } from "./data-url.ts";
import { imageKind } from "./image-kind.ts";
import { PredictBody, PredictOptions } from "./predict-body.ts";

/** What somebody asks a model about: values or an image, and which model. */
export interface Question extends PredictOptions {
  /** One instance as JSON; nothing if it is an image. */
  readonly features?: unknown;
  /** Bytes of a PNG or JPEG. */
  readonly image?: Uint8Array | undefined;
}

/** A request to `POST /predict`, as it came. */
export interface PredictMessage {
  /** Its content type with parameters, if it has one. */
  readonly contentType: string | undefined;
  /** Bytes; anything else if it had none. */
  readonly body: unknown;
  /** What the address says behind its question mark. */
  readonly query: unknown;
}

/** Said of what is no JSON by clients that say nothing, such as `curl -d`. */
const unspecified = ["", "application/x-www-form-urlencoded", "text/plain"];

/**
 * Reads JSON, an image, or a form with one file.
 * @throws {HttpError} 400 that says what was expected, 415 of a content type that is none of them
 */
export async function parseQuestion(message: PredictMessage): Promise<Question> {
  const { body } = message;
  const options = checked(PredictOptions, message.query, "the address");
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw badRequest(`the body is empty; expected ${expected}`, "json");
  }
  const contentType = message.contentType ?? "";
  const type = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (type === "image/png" || type === "image/jpeg") return { ...options, image: body };
  if (type === "multipart/form-data") {
    const { image, fields } = await formQuestion(body, contentType);
    return { ...options, ...checked(PredictOptions, fields, "the form"), image };
  }
  if (type === "application/json" || unspecified.includes(type)) {
    return { ...options, ...jsonQuestion(body) };
  }
  throw new HttpError(
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    `the content type ${JSON.stringify(type.slice(0, 100))} is not read; expected application/json, image/png, image/jpeg or multipart/form-data`,
  );
}

const expected =
  '{"features": [...]}, {"image": "data:image/png;base64,..."}, or a PNG or JPEG with its content type';

function jsonQuestion(body: Buffer): Question {
  const { image, ...question } = checked(PredictBody, parseJson(body), "the body");
  const hasFeatures = Object.hasOwn(question, "features");
  if (hasFeatures === (image !== undefined)) {
    const got = hasFeatures ? "both" : "neither";
    throw badRequest(`expected "features" or "image", got ${got}: ${expected}`);
  }
  return image === undefined ? question : { ...question, image: imageOfDataUrl(image) };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    const kind = imageKind(body);
    // What a parser says of it repeats what it read.
    const but = kind
      ? ` but a ${kind.toUpperCase()}; send it with content-type: image/${kind}`
      : "";
    throw badRequest(`the body is not JSON${but || `; expected ${expected}`}`, "json");
  }
}

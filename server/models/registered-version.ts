import { Digest } from "@updraft/contracts/digest";
import { jsonIn, MlflowErrorBody } from "@updraft/contracts/mlflow-answer";
import { messageOf } from "@updraft/contracts/message-of";
import type { TrackingServer } from "@updraft/contracts/tracking-server";
import { z } from "zod";
import type { FollowedSource } from "./model-sources.ts";
import type { PinnedModel } from "./served-model.ts";

/** The tag with which a version says which package it is. */
const digestTag = "updraft.digest";

/** How long an answer of the registry is waited for, in milliseconds. */
const longestAnswerMs = 10_000;

/** The registry did not answer, or not what was asked; it may the next time. */
export class RegistryAwayError extends Error {
  override readonly name = "RegistryAwayError";
}

/** The version that is to be served cannot be. */
export class UnusableVersionError extends Error {
  override readonly name = "UnusableVersionError";
  readonly version: string;

  constructor(version: string, message: string) {
    super(message);
    this.version = version;
  }
}

const Version = z.object({
  version: z.coerce.string(),
  source: z.string().default(""),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});
type Version = z.infer<typeof Version>;

const ByAlias = z.object({ model_version: Version });
const ByStage = z.object({ model_versions: z.array(Version).default([]) });

/**
 * The version to which an alias or a stage leads in any MLflow registry.
 * @returns nothing if it leads nowhere
 * @throws {RegistryAwayError} if the registry does not say
 * @throws {UnusableVersionError} if the version does not say which package it is
 * @see https://mlflow.org/docs/latest/api_reference/rest-api.html#get-model-version-by-alias
 */
export async function registeredVersion(
  registry: TrackingServer,
  source: FollowedSource,
): Promise<PinnedModel | undefined> {
  const version = await versionAt(registry, source);
  if (!version) return undefined;
  const digest = Digest.safeParse(version.tags.find(({ key }) => key === digestTag)?.value);
  if (!digest.success) {
    throw new UnusableVersionError(
      version.version,
      `version ${version.version} of "${source.name}" has no tag ${digestTag} with the digest of a package, without which nothing can be checked; move the ${pointerOf(source)} to a version that has one`,
    );
  }
  return {
    name: source.name,
    version: version.version,
    uri: version.source,
    digest: digest.data,
    labels: source.alias === undefined ? [] : [source.alias],
  };
}

/** What is followed, in words: `alias "champion"`. */
export function pointerOf({ alias, stage }: FollowedSource): string {
  return alias === undefined ? `stage "${stage}"` : `alias "${alias}"`;
}

async function versionAt(
  registry: TrackingServer,
  { name, alias, stage = "" }: FollowedSource,
): Promise<Version | undefined> {
  if (alias !== undefined) {
    const query = `${new URLSearchParams({ name, alias })}`;
    const found = await ask(registry, `alias?${query}`, ByAlias);
    return found?.model_version;
  }
  const body = JSON.stringify({ name, stages: [stage] });
  const found = await ask(registry, "get-latest-versions", ByStage, { method: "POST", body });
  return found?.model_versions[0];
}

/** What the registry answers; nothing if it says that there is none. */
async function ask<T>(
  { url, authorization }: TrackingServer,
  path: string,
  answer: z.ZodType<T>,
  init: RequestInit = {},
): Promise<T | undefined> {
  const headers = { "content-type": "application/json", ...(authorization && { authorization }) };
  const { ok, status, text } = await sent(
    `${url}/api/2.0/mlflow/registered-models/${path}`,
    { ...init, headers, signal: AbortSignal.timeout(longestAnswerMs) },
    url,
  );
  const content = jsonIn(text);
  if (!ok) {
    const { error_code: code, message } = MlflowErrorBody.catch({
      error_code: "",
      message: "",
    }).parse(content);
    // MLflow's own server says of an alias, and of nothing else, only in words that it is missing.
    if (code === "RESOURCE_DOES_NOT_EXIST" || / not found/i.test(message)) return undefined;
    throw new RegistryAwayError(`the registry at ${url} answers ${status} ${code} ${message}`);
  }
  const parsed = answer.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new RegistryAwayError(`the registry at ${url} does not answer as MLflow does`);
}

async function sent(address: string, init: RequestInit, url: string) {
  try {
    const response = await fetch(address, init);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new RegistryAwayError(
      `the registry at ${url} cannot be reached (${messageOf(cause)}); start it, or set MLFLOW_TRACKING_URI to its address`,
      { cause: error },
    );
  }
}

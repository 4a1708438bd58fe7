import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import { callMlflow, MlflowError, type MlflowConnection } from "./mlflow-client.ts";
import type { Alias, RegisteredVersion } from "./tracking.ts";

/** The tag that says which package a version is. */
export const digestTag = "updraft.digest";

const Tag = z.object({ key: z.string(), value: z.string() });
export type Tag = z.infer<typeof Tag>;

/** A version as MLflow's API gives it. */
export const Version = z.object({
  version: z.coerce.string(),
  source: z.string().default(""),
  run_id: z.string().optional(),
  tags: z.array(Tag).default([]),
});
export type Version = z.infer<typeof Version>;

/** The version that an alias points to. */
export function versionByAlias(
  connection: MlflowConnection,
  model: string,
  alias: Alias,
): Promise<Version | undefined> {
  return versionAt(connection, "mlflow/registered-models/alias", { name: model, alias });
}

/** A version by its number, or by the digest of its package. */
export function versionByPin(
  connection: MlflowConnection,
  model: string,
  pin: string,
): Promise<Version | undefined> {
  if (Digest.safeParse(pin).success) return versionOfDigest(connection, model, pin);
  return versionAt(connection, "mlflow/model-versions/get", { name: model, version: pin });
}

/** The version that a package is. */
export async function versionOfDigest(
  connection: MlflowConnection,
  model: string,
  digest: Digest,
): Promise<Version | undefined> {
  for await (const version of versionsOf(connection, model)) {
    if (tagsOf(version)[digestTag] === digest) return version;
  }
  return undefined;
}

/** The versions that have a tag and say which package they are. */
export async function versionsWithTag(
  connection: MlflowConnection,
  model: string,
  tag: string,
): Promise<RegisteredVersion[]> {
  const found: RegisteredVersion[] = [];
  for await (const version of versionsOf(connection, model)) {
    const tags = tagsOf(version);
    if (tag in tags && digestTag in tags) found.push(registeredVersion(model, version));
  }
  return found;
}

/** All versions of a model, page by page. */
async function* versionsOf(connection: MlflowConnection, model: string): AsyncGenerator<Version> {
  let pageToken: string | undefined;
  do {
    const page: { model_versions: Version[]; next_page_token?: string | undefined } =
      await callMlflow(connection, {
        method: "GET",
        path: "mlflow/model-versions/search",
        query: {
          filter: `name = '${model}'`,
          max_results: "1000",
          ...(pageToken ? { page_token: pageToken } : {}),
        },
        answer: z.object({
          model_versions: z.array(Version).default([]),
          next_page_token: z.string().optional(),
        }),
      });
    yield* page.model_versions;
    pageToken = page.next_page_token;
  } while (pageToken);
}

/**
 * What the trainer makes of a version.
 * @throws if it does not say which package it is
 */
export function registeredVersion(model: string, version: Version): RegisteredVersion {
  const tags = tagsOf(version);
  const digest = Digest.safeParse(tags[digestTag]);
  if (!digest.success) {
    throw new Error(
      `version ${version.version} of ${model} has no tag ${digestTag} with the digest of a package; it was not made by this trainer, so name a version that was, or move its alias to one`,
    );
  }
  return {
    version: version.version,
    digest: digest.data,
    uri: version.source,
    runId: version.run_id || undefined,
    tags,
  };
}

/** There is no such model, or it has no such version or alias; MLflow says the last in its own way. */
export function isAbsence(error: unknown): boolean {
  if (!(error instanceof MlflowError)) return false;
  return error.code === "RESOURCE_DOES_NOT_EXIST" || / not found/i.test(error.message);
}

async function versionAt(
  connection: MlflowConnection,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<Version | undefined> {
  try {
    const answer = z.object({ model_version: Version });
    return (await callMlflow(connection, { method: "GET", path, query, answer })).model_version;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function tagsOf({ tags }: Version): Record<string, string> {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

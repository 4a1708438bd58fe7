import { jsonIn, MlflowErrorBody } from "@updraft/contracts/mlflow-answer";
import { messageOf } from "@updraft/contracts/message-of";
import { trackingServer } from "@updraft/contracts/tracking-server";
import { z } from "zod";
import type { Config } from "../../config/config.ts";
import { plainCredentials } from "../../tracker-credentials.ts";
import { nothingFound, type Findings, type Leftover } from "./leftover.ts";

/** How long a tracker may take for one answer. */
const answerTimeoutMilliseconds = 10_000;

/** The tag by which a version says that a stack serves it, as the trainer sets it. */
const tagOf = (stack: string) => `updraft.stack.${stack}`;

type TrackerConfig = Pick<
  Config,
  "tracker" | "trackerToken" | "trackerUsername" | "trackerPassword"
>;

/** A version of a model in a registry. */
interface TaggedVersion {
  readonly name: string;
  readonly version: string;
}

const Page = z.object({
  model_versions: z
    .array(
      z.object({
        name: z.string(),
        version: z.coerce.string(),
        tags: z.array(z.object({ key: z.string() })).default([]),
      }),
    )
    .default([]),
  next_page_token: z.string().optional(),
});

/** Tags of a stack in the registry of a tracker that stays; nothing if the stack's own goes. */
export async function registryFindings(stack: string, config: TrackerConfig): Promise<Findings> {
  const { uri } = config.tracker;
  if (uri === undefined) return nothingFound;
  try {
    const versions = await taggedVersions(stack, config);
    return { ...nothingFound, leftovers: versions.map((version) => leftover(stack, uri, version)) };
  } catch (error) {
    return {
      ...nothingFound,
      unseen: [`the registry of updraft:tracker.uri ${uri}: ${messageOf(error)}`],
    };
  }
}

/**
 * Takes a stack's tag off all versions that carry it: it serves none of them any more.
 * @returns which they were, as `digits version 3`
 */
export async function takeTagsOff(stack: string, config: TrackerConfig): Promise<string[]> {
  const versions = await taggedVersions(stack, config);
  for (const { name, version } of versions) {
    const body = { name, version, key: tagOf(stack) };
    await ask(config, "DELETE", "model-versions/delete-tag", body);
  }
  return versions.map(({ name, version }) => `${name} version ${version}`);
}

async function taggedVersions(stack: string, config: TrackerConfig): Promise<TaggedVersion[]> {
  const found: TaggedVersion[] = [];
  for (let token: string | undefined = ""; token !== undefined;) {
    const query = new URLSearchParams({
      max_results: "1000",
      ...(token === "" ? {} : { page_token: token }),
    });
    const answer = await ask(config, "GET", `model-versions/search?${query.toString()}`);
    const page = Page.parse(answer);
    const tagged = page.model_versions.filter(({ tags }) =>
      tags.some(({ key }) => key === tagOf(stack)),
    );
    found.push(...tagged.map(({ name, version }) => ({ name, version })));
    token = page.next_page_token || undefined;
  }
  return found;
}

/** @throws if the tracker does not answer, or says no */
async function ask(
  config: TrackerConfig,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const { url, authorization } = trackingServer({
    MLFLOW_TRACKING_URI: config.tracker.uri,
    ...plainCredentials(config),
  });
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(answerTimeoutMilliseconds),
    redirect: "manual",
  }).catch((error: unknown) => {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`it cannot be reached (${messageOf(cause)})`, { cause: error });
  });
  const answer = jsonIn(await response.text());
  if (response.ok) return answer;
  const said = MlflowErrorBody.safeParse(answer);
  throw new Error(
    `it answered ${response.status}${said.success ? ` (${said.data.message.slice(0, 200)})` : ""}`,
  );
}

function leftover(stack: string, uri: string, { name, version }: TaggedVersion): Leftover {
  return {
    kind: "tag",
    name: tagOf(stack),
    where: `of ${name} version ${version} in the registry at ${uri}: it is kept as one that the stack serves`,
    remedy: `npm run verify-teardown -- ${stack} --take-tags-off`,
    isGoing: false,
  };
}

import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { CommandError } from "../support/run-command.ts";

/** What a stack that does not last says of itself, in the backend: whoever looks there finds it. */
export interface EphemeralTags {
  readonly expiresAt: Date;
  /** Number of the pull request whose end is the stack's. */
  readonly pullRequest?: number | undefined;
  /** `owner/name`: pull requests of other repositories have the same numbers. */
  readonly repository?: string | undefined;
  /** Name of the machine whose processes it is; only of target local. */
  readonly host?: string | undefined;
}

const names = {
  expiresAt: "updraft:expiresAt",
  pullRequest: "updraft:pullRequest",
  repository: "updraft:repository",
  host: "updraft:host",
} as const;

const Tags = z.object({
  [names.expiresAt]: z.iso.datetime(),
  [names.pullRequest]: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .optional(),
  [names.repository]: z.string().optional(),
  [names.host]: z.string().optional(),
});

/**
 * What the tags of a stack say; nothing of a stack that is none of the ephemeral ones.
 * @throws {CommandError} if they are there and cannot be read: nobody may guess what they mean
 */
export function parseTags(
  stack: string,
  tags: Readonly<Record<string, string>>,
): EphemeralTags | undefined {
  if (!(names.expiresAt in tags)) return undefined;
  const parsed = Tags.safeParse(tags);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path }) => String(path[0]));
    const said = wrong.map((name) => `${name} is "${tags[name]}"`).join(", ");
    throw new CommandError(
      `the tags of the stack ${stack} cannot be read: ${said}; put them right with: npm run pulumi -- stack tag set <tag> <value> --stack ${stack}`,
    );
  }
  return {
    expiresAt: new Date(parsed.data[names.expiresAt]),
    pullRequest: parsed.data[names.pullRequest],
    repository: parsed.data[names.repository],
    host: parsed.data[names.host],
  };
}

/** What is set in the backend, the first first: it is what a sweep looks for. */
export function tagsOf({
  expiresAt,
  pullRequest,
  repository,
  host,
}: EphemeralTags): [string, string][] {
  const tags: [string, string][] = [[names.expiresAt, expiresAt.toISOString()]];
  if (pullRequest !== undefined) tags.push([names.pullRequest, String(pullRequest)]);
  if (repository !== undefined) tags.push([names.repository, repository]);
  if (host !== undefined) tags.push([names.host, host]);
  return tags;
}

/** @throws {StackNotFoundError} if the stack is gone @throws {CommandError} as `parseTags` */
export async function readTags(
  workspace: LocalWorkspace,
  stack: string,
): Promise<EphemeralTags | undefined> {
  return parseTags(stack, await workspace.listTags(stack));
}

/** Sets the tags of a stack that is there. */
export async function writeTags(
  workspace: LocalWorkspace,
  stack: string,
  tags: EphemeralTags,
): Promise<void> {
  // One after another: a backend of files keeps them in one.
  for (const [name, value] of tagsOf(tags)) await workspace.setTag(stack, name, value);
}

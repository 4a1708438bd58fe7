import { hostname } from "node:os";
import type { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";
import { smokeReport } from "../smoke/smoke-test.ts";
import { smokeTestOf } from "../smoke/stack-smoke.ts";
import { existingStack } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { update } from "../support/update.ts";
import { forgetInterrupted } from "./forget-interrupted.ts";
import { inBackend, initStack, openEphemeral } from "./open-ephemeral.ts";
import { overLocks } from "./over-locks.ts";
import { checkStackName } from "./stack-name.ts";
import { type EphemeralTags, readTags, writeTags } from "./stack-tags.ts";
import { whatCanGo } from "./take-down.ts";
import { expiryOf, inWords } from "./ttl.ts";
import { hasOwnConfig, writeConfig } from "./write-config.ts";

/** What is asked for with `ephemeral up`. */
export interface UpOptions {
  /** How long the stack is to live, in milliseconds. */
  readonly ttl: number | undefined;
  readonly pullRequest: number | undefined;
  /** Path of the template of its configuration. */
  readonly template: string;
  /** `owner/name` of the repository that the pull request is of. */
  readonly repository: string | undefined;
}

/** How long the way to a server in a cluster may take to come into being after the update. */
const wayWaitSeconds = 60;

/**
 * Brings an ephemeral stack up, or renews it, and tries it from outside.
 * @returns the exit code: 1 if it does not do what it should
 * @throws {CommandError} if the name is somebody else's, or the update fails
 */
export async function up(name: string, options: UpOptions): Promise<number> {
  checkStackName(name, options.template);
  // Before Pulumi is asked for anything: it writes into the files that it reads.
  await hasOwnConfig(name);
  const workspace = await openEphemeral();
  const current = await currentTags(workspace, name);
  const tags = tagsFor(options, current, new Date());
  const { expiresAt, pullRequest } = tags;
  const ephemeral = {
    expiresAt: expiresAt.toISOString(),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
  const { target } = await writeConfig(name, ephemeral, options.template, say);
  // Before anything is started: a sweep finds what was interrupted, too.
  if (current === "no stack") await initStack(workspace, name);
  await writeTags(workspace, name, target === "local" ? { ...tags, host: hostname() } : tags);
  say(
    `${name} goes at ${expiresAt.toISOString()}, in ${inWords(expiresAt.getTime() - Date.now())}.`,
  );
  const stack = await existingStack(workspace, name);
  const message = `ephemeral until ${expiresAt.toISOString()}`;
  const action = async () => {
    if (current !== "no stack") await forget(workspace, name);
    await update(stack, message);
  };
  await overLocks(stack, action, say);
  return tryOut(workspace, stack);
}

/** What a stack is to say of itself: what is not asked for anew stays as it was. */
export function tagsFor(
  { ttl, pullRequest, repository }: Omit<UpOptions, "template">,
  current: EphemeralTags | "no stack" | "untagged",
  now: Date,
): EphemeralTags {
  const before = typeof current === "string" ? undefined : current;
  return {
    expiresAt: expiryOf(now, ttl, before?.expiresAt),
    pullRequest: pullRequest ?? before?.pullRequest,
    repository: pullRequest === undefined ? before?.repository : repository,
  };
}

/**
 * @throws {CommandError} if there is a stack of that name that is none of the ephemeral ones, or
 * one of another machine
 */
async function currentTags(
  workspace: LocalWorkspace,
  name: string,
): Promise<EphemeralTags | "no stack" | "untagged"> {
  const found = await inBackend(workspace, name);
  if (found === undefined) return "no stack";
  const tags = await readTags(workspace, name);
  if (tags !== undefined) {
    if (tags.host !== undefined && tags.host !== hostname()) await whatCanGo(workspace, name, tags);
    return tags;
  }
  // One that was interrupted between its first two steps has nothing to lose.
  const stack = await existingStack(workspace, name);
  if (!found.resourceCount && (await stack.history(1, 1)).length === 0) return "untagged";
  throw new CommandError(
    `there is a stack ${name} that is not ephemeral (it has no tag updraft:expiresAt); choose another name`,
  );
}

async function forget(workspace: LocalWorkspace, name: string): Promise<void> {
  const names = await forgetInterrupted(workspace, name);
  if (names.length > 0)
    say(`An update was killed while it made ${names.join(", ")}; it is made anew.`);
}

async function tryOut(workspace: LocalWorkspace, { name }: Stack): Promise<number> {
  const checks = await smokeTestOf(workspace, name, wayWaitSeconds);
  process.stdout.write(`\n${smokeReport(name, checks)}\n`);
  if (checks.some(({ isPassed }) => !isPassed)) {
    say(
      `${name} is up, and does not do what it should; it stays to be looked at until it expires.`,
    );
    return 1;
  }
  const outputs = await workspace.stackOutputs(name);
  for (const [title, key] of [
    ["page", "url"],
    ["predict", "predictUrl"],
    ["tracker", "trackerUrl"],
  ] as const) {
    say(`  ${title.padEnd(13)} ${String(outputs[key]?.value)}`);
  }
  say(
    `\n  npm run ephemeral -- up ${name}     renews it\n  npm run ephemeral -- down ${name}   takes it down`,
  );
  return 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { configFileOf, existingStack } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { despiteOthers, hasStumbled, isNotFound } from "./despite-others.ts";
import { inBackend, openEphemeral } from "./open-ephemeral.ts";
import { overLocks } from "./over-locks.ts";
import { isEphemeralConfig } from "./stack-config.ts";
import { readTags } from "./stack-tags.ts";
import { removePulumisOwn, takeDown } from "./take-down.ts";

/**
 * Takes an ephemeral stack down; one that is gone already is no failure.
 * @returns the exit code
 * @throws {CommandError} if it is none of the ephemeral ones, is protected, or leaves something
 */
export async function down(name: string): Promise<number> {
  const workspace = await openEphemeral();
  if ((await inBackend(workspace, name)) === undefined) {
    await removeOwnConfig(name);
    say(`There is no stack ${name}: nothing to take down.`);
    return 0;
  }
  const tags = await readTags(workspace, name);
  if (tags === undefined) {
    throw new CommandError(
      `${name} is not ephemeral (it has no tag updraft:expiresAt), and stays; take it down with: npm run down -- --stack ${name}`,
    );
  }
  const stack = await existingStack(workspace, name);
  const options = {
    tags,
    onOutput: (text: string) => process.stdout.write(text),
    isStillToGo: () => Promise.resolve(true),
  };
  const action = () => despiteOthers(() => takeDown(workspace, name, options), hasStumbled);
  try {
    await overLocks(stack, async () => void (await action()), say);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await removePulumisOwn(name);
    say(`Somebody else has taken ${name} down meanwhile.`);
    return 0;
  }
  say(`The stack ${name} is down and removed; nothing is left of it.`);
  return 0;
}

/** The file of a stack that was interrupted before it was made. */
async function removeOwnConfig(name: string): Promise<void> {
  const file = configFileOf(name);
  if (!existsSync(file)) return;
  if (isEphemeralConfig(await readFile(file, "utf8"), file)) await rm(file);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import {
  CommandError as PulumiError,
  type LocalWorkspace,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { type Config, LocalConfig } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import { stackValues } from "../../kubernetes/render/stack-file.ts";
import { configFileOf, configOf, existingStack } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { cancellation } from "../support/update.ts";
import { findingsOf } from "../verify-teardown/find-leftovers.ts";
import { report } from "../verify-teardown/report.ts";
import { type Holdings, holdingsOf } from "./holdings.ts";
import { isEphemeralConfig, isPulumisOwn } from "./stack-config.ts";
import { lockErrorIn } from "./stack-lock.ts";
import type { EphemeralTags } from "./stack-tags.ts";

/** How a stack is taken down. */
export interface TakeDownOptions {
  readonly tags: EphemeralTags;
  /** What Pulumi says. */
  readonly onOutput: (text: string) => void;
  /** Asked before what cannot be taken back: whether the stack is still to go. */
  readonly isStillToGo: () => Promise<boolean>;
}

/** The stack is not to be taken down from here, and has not been touched. */
export class StackStaysError extends CommandError {
  /** Whether it is not to be taken down at all, or on another machine. */
  readonly why: "protected" | "elsewhere";

  constructor(why: StackStaysError["why"], message: string) {
    super(message);
    this.why = why;
  }
}

/** A person has stopped it, and wants no more of it. */
export class InterruptedError extends CommandError {}

/**
 * Destroys all that an ephemeral stack has, looks whether something is left, and removes the stack
 * from the backend with its configuration.
 * @returns whether it is gone; not if it was to stay after all
 * @throws {StackStaysError} if it is protected, or on another machine
 * @throws {CommandError} if it cannot be destroyed, or leaves something
 * @throws {InterruptedError} if a signal has stopped it
 * @throws {ConcurrentUpdateError} if an update holds it
 * @throws {StackNotFoundError} if somebody else has removed it meanwhile
 */
export async function takeDown(
  workspace: LocalWorkspace,
  name: string,
  { tags, onOutput, isStillToGo }: TakeDownOptions,
): Promise<boolean> {
  const stack = await existingStack(workspace, name);
  const holdings = await whatCanGo(workspace, name, tags);
  const file = configFileOf(name);
  const text = existsSync(file) ? await readFile(file, "utf8") : undefined;
  const config = placesOf(name, holdings);
  if (!(await isStillToGo())) return false;
  await destroy(stack, onOutput);
  const findings = await findingsOf(name, config, { isBeingTakenDown: true });
  if (findings.leftovers.length > 0) throw new CommandError(report(name, findings));
  // Whoever has brought it up again meanwhile goes on with what is left of it.
  if (!(await isStillToGo())) return false;
  await workspace.removeStack(name, { preserveConfig: true });
  const isOwn = text !== undefined && isEphemeralConfig(text, file);
  if (isOwn) await rm(file, { force: true });
  else await removePulumisOwn(name);
  return true;
}

/** Pulumi writes a file for a stack that has no configuration here, also when it is gone by then. */
export async function removePulumisOwn(name: string): Promise<void> {
  const file = configFileOf(name);
  if (!existsSync(file)) return;
  if (isPulumisOwn(await readFile(file, "utf8"), file)) await rm(file, { force: true });
}

/**
 * What a stack has, if all of it can go from here.
 * @throws {StackStaysError} if it is protected, or on another machine
 */
export async function whatCanGo(
  workspace: LocalWorkspace,
  name: string,
  { host }: EphemeralTags,
): Promise<Holdings> {
  const holdings = holdingsOf((await workspace.exportStack(name)).deployment);
  const { protectedNames, folders } = holdings;
  if (protectedNames.length > 0 || (await isProtectedByFile(name))) {
    const what = protectedNames.length === 0 ? "" : ` (${protectedNames.join(", ")})`;
    throw new StackStaysError(
      "protected",
      `${name} is protected${what}, and stays as it is; if it is to go, set updraft:protect to false and bring it up once`,
    );
  }
  // A machine may have got another name; one that has the folder is the one.
  const isHere = host === undefined || host === hostname() || folders.some(existsSync);
  if (isHere || folders.length === 0) return holdings;
  throw new StackStaysError(
    "elsewhere",
    `${name} runs on the machine ${host}, in ${folders.join(", ")}; take it down there`,
  );
}

async function isProtectedByFile(name: string): Promise<boolean> {
  const file = configFileOf(name);
  if (!existsSync(file)) return false;
  return stackValues(await readFile(file, "utf8"), file).values["updraft:protect"] === "true";
}

/** Where something could be left: by the configuration, or by what the state says without one. */
function placesOf(name: string, { folders: [path] }: Holdings): Config | undefined {
  const known = path === undefined ? undefined : LocalConfig.parse({ store: { path } });
  try {
    return configOf(name) ?? known;
  } catch (error) {
    // One that no program would take any more must not keep a stack for ever.
    if (error instanceof ConfigError) return known;
    throw error;
  }
}

async function destroy(stack: Stack, onOutput: (text: string) => void): Promise<void> {
  const { signal, release } = cancellation();
  try {
    await stack.destroy({ message: "ephemeral stack", signal, onOutput, onError: onOutput });
  } catch (error) {
    if (signal.aborted) {
      throw new InterruptedError(
        `interrupted; what is left of ${stack.name} goes with: npm run ephemeral -- down ${stack.name}`,
      );
    }
    if (!(error instanceof PulumiError) || lockErrorIn(error) !== undefined) throw error;
    throw new CommandError(`${stack.name} could not be destroyed, for the reason above`, {
      cause: error,
    });
  } finally {
    release();
  }
}

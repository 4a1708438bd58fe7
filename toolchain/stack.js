import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  ownBackendFolder,
  preparedEnvironment,
  prepareState,
  usesOwnBackend,
} from "./environment.js";
import { CommandError, Unavailable } from "./errors.js";
import { runInForeground } from "./foreground.js";
import { run } from "./run.js";
import { readConfigFiles, restoreConfigFiles } from "./stack-config.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./setup.js").Toolchain} Toolchain */

/** Name of the project in Pulumi.yaml. */
const project = "updraft";

/**
 * The Pulumi CLI, prepared: no questions, a backend and a passphrase.
 * @typedef {object} Pulumi
 * @property {(args: readonly string[]) => Promise<number>} show runs it on this terminal; its exit code
 * @property {(args: readonly string[]) => Promise<string>} ask what it prints @throws {Unavailable}
 */

/**
 * @param {Context} context
 * @param {Toolchain} toolchain
 * @param {string} [cwd] folder of the project
 * @returns {Promise<Pulumi>}
 */
export async function preparePulumi(context, toolchain, cwd = context.repository) {
  await prepareState(context);
  const env = preparedEnvironment(context, toolchain);
  const { pulumi } = toolchain;
  return {
    show: (args) => keepingConfig(context, () => runInForeground(pulumi, args, { cwd, env }), cwd),
    ask: (args) => {
      const silent = [...args, "--non-interactive"];
      return keepingConfig(context, () => run(pulumi, silent, { cwd, env }), cwd);
    },
  };
}

/**
 * Does what runs Pulumi, and takes the salt of the passphrase out of the config files afterwards.
 * @template T
 * @param {Context} context
 * @param {() => Promise<T>} action
 * @param {string} [folder] of the project
 * @returns {Promise<T>}
 */
export async function keepingConfig(context, action, folder = context.repository) {
  if (!usesOwnBackend(context)) return action();
  const before = readConfigFiles(folder);
  try {
    return await action();
  } finally {
    restoreConfigFiles(folder, before);
  }
}

/**
 * The stack that a command is about, and the arguments that do not name it.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ stack: string, rest: string[] }}
 * @throws {CommandError} if `--stack` comes without a name
 */
export function chooseStack(args, env) {
  let stack = env["UPDRAFT_STACK"] || "dev";
  /** @type {string[]} */
  const rest = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const match = /^--stack=(.*)$/.exec(arg);
    if (arg !== "--stack" && arg !== "-s" && !match) {
      rest.push(arg);
      continue;
    }
    if (!match) index += 1;
    stack = match?.[1] ?? args[index] ?? "";
    if (stack === "") throw new CommandError(`${arg} needs the name of a stack`, 2);
  }
  return { stack, rest };
}

/**
 * Whether the stack exists, as far as can be told without starting Pulumi.
 * @param {Context} context
 * @param {string} stack
 * @returns {boolean | undefined} undefined if only Pulumi can tell
 */
export function isKnown(context, stack) {
  if (!usesOwnBackend(context)) return undefined;
  return existsSync(checkpointFile(context, stack));
}

/**
 * Whether the stack exists.
 * @param {Context} context
 * @param {Pulumi} pulumi
 * @param {string} stack
 */
export async function stackExists(context, pulumi, stack) {
  const known = isKnown(context, stack);
  if (known !== undefined) return known;
  try {
    await pulumi.ask(["stack", "select", stack]);
    return true;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    if (error.message.includes("no stack named")) return false;
    throw new CommandError(`The stack ${stack} cannot be looked up: ${error.message}`);
  }
}

/**
 * Makes the stack if it is not there.
 * @param {Context} context
 * @param {Pulumi} pulumi
 * @param {string} stack
 */
export async function ensureStack(context, pulumi, stack) {
  if (await stackExists(context, pulumi, stack)) return;
  try {
    await pulumi.ask(["stack", "init", stack]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new CommandError(`The stack ${stack} cannot be made: ${error.message}`);
  }
}

/**
 * Removes an empty stack with its history from the file backend of this clone; from a shared
 * backend nothing is removed.
 * @param {Context} context
 * @param {Pulumi} pulumi
 * @param {string} stack
 */
export async function removeStack(context, pulumi, stack) {
  if (!usesOwnBackend(context)) return;
  await pulumi.ask(["stack", "rm", stack, "--yes", "--preserve-config"]);
  const backend = join(ownBackendFolder(context), ".pulumi");
  const leftovers = [
    join(backend, "backups", project, stack),
    join(backend, "history", project, stack),
    join(backend, "locks", "organization", project, stack),
    join(stacksFolder(context), `${stack}.json.bak`),
    join(stacksFolder(context), `${stack}.json.bak.attrs`),
  ];
  for (const file of leftovers) await rm(file, { recursive: true, force: true });
  if (readdirSync(stacksFolder(context)).length === 0 && !hasStacks(join(backend, "stacks"))) {
    await rm(ownBackendFolder(context), { recursive: true });
  }
}

/**
 * Whether any project has a stack: a cluster's state must outlive the platform's last stack.
 * @param {string} folder
 */
function hasStacks(folder) {
  return readdirSync(folder).some((name) =>
    readdirSync(join(folder, name)).some((file) => file.endsWith(".json")),
  );
}

/** Where the file backend of this clone keeps a stack. @param {Context} context @param {string} stack */
export function checkpointFile(context, stack) {
  return join(stacksFolder(context), `${stack}.json`);
}

/** @param {Context} context */
function stacksFolder(context) {
  return join(ownBackendFolder(context), ".pulumi", "stacks", project);
}

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, Stack, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { checkout } from "../../checkout.ts";
import type { Config } from "../../config/config.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { stackValues } from "../../kubernetes/render/stack-file.ts";
import { CommandError } from "./run-command.ts";

/** Name of the project in Pulumi.yaml. */
export const project = "updraft";

/** The project's stacks in whatever backend the environment names. */
export async function openWorkspace(): Promise<LocalWorkspace> {
  const workspace = await LocalWorkspace.create({ workDir: checkout });
  // Whoever works at this terminal goes on with the stack that they have selected.
  workspace.selectStack = async (name) => void (await workspace.listTags(name));
  return workspace;
}

/**
 * A stack that is there.
 * @throws {CommandError} if there is none of that name
 */
export async function existingStack(workspace: LocalWorkspace, name: string): Promise<Stack> {
  try {
    return await Stack.select(name, workspace);
  } catch (error) {
    if (!(error instanceof StackNotFoundError)) throw error;
    const names = (await workspace.listStacks()).map((stack) => stack.name);
    const there = names.length === 0 ? "there is none yet" : `there are ${names.join(", ")}`;
    throw new CommandError(`there is no stack ${name} in this backend; ${there}`, { cause: error });
  }
}

/** Where the configuration of a stack is. */
export function configFileOf(stack: string): string {
  return join(checkout, `Pulumi.${stack}.yaml`);
}

/**
 * The configuration of a stack as its file has it; nothing where there is no file.
 * @throws {ConfigError} with every problem at once
 */
export function configOf(stack: string): Config | undefined {
  const file = configFileOf(stack);
  if (!existsSync(file)) return undefined;
  const { values, secretKeys } = stackValues(readFileSync(file, "utf8"), file);
  return parseConfig(project, values, (key) => secretKeys.includes(key));
}

import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { checkout } from "../../checkout.ts";
import type { Config } from "../../config/config.ts";
import type { Ephemeral } from "../../config/ephemeral.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { stackValues } from "../../kubernetes/render/stack-file.ts";
import { stackFolder } from "../../local/environment.ts";
import { configFileOf, project } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { areUsable, freePorts } from "./ports.ts";
import {
  configFromTemplate,
  isEphemeralConfig,
  portsIn,
  renewedConfig,
  type StackConfigArgs,
} from "./stack-config.ts";

/**
 * Writes the configuration of an ephemeral stack: a new one from the template, or the one that is
 * there with another time to go.
 * @param template path of the template
 * @param say for people: what was chosen
 * @throws {CommandError} if the file is there and not an ephemeral stack's, or there is no template
 * @throws {ConfigError} if the program would not take it
 */
export async function writeConfig(
  stack: string,
  ephemeral: Ephemeral,
  template: string,
  say: (line: string) => void,
): Promise<Config> {
  const file = configFileOf(stack);
  const text = (await hasOwnConfig(stack))
    ? await renewed(stack, file, ephemeral, say)
    : await made(stack, template, ephemeral);
  const { values, secretKeys } = stackValues(text, file);
  const config = parseConfig(project, values, (key) => secretKeys.includes(key));
  await writeFile(file, text);
  return config;
}

/**
 * Whether the file of a stack is there, and its own.
 * @throws {CommandError} if it is there, and was not made for an ephemeral stack
 */
export async function hasOwnConfig(stack: string): Promise<boolean> {
  const file = configFileOf(stack);
  if (!existsSync(file)) return false;
  if (isEphemeralConfig(await readFile(file, "utf8"), file)) return true;
  throw new CommandError(
    `${shown(file)} is there, and not made for an ephemeral stack (it has no updraft:ephemeral); choose another name, or remove it`,
  );
}

async function made(stack: string, template: string, ephemeral: Ephemeral): Promise<string> {
  const path = resolve(checkout, template);
  if (!existsSync(path)) {
    throw new CommandError(`there is no template ${path}; name one with --template`);
  }
  const args: StackConfigArgs = {
    stack,
    text: await readFile(path, "utf8"),
    file: shown(path),
    ephemeral,
  };
  const text = configFromTemplate(args);
  return isLocal(text, args.file)
    ? configFromTemplate({ ...args, ports: await freePorts() })
    : text;
}

async function renewed(
  stack: string,
  file: string,
  ephemeral: Ephemeral,
  say: (line: string) => void,
): Promise<string> {
  const text = await readFile(file, "utf8");
  const ports = portsIn(text, file);
  const args = { stack, text, file, ephemeral };
  if (ports === undefined || !isLocal(text, file)) return renewedConfig(args);
  if (await areUsable(ports, folderOf(stack, text, file))) return renewedConfig(args);
  say(`${stack} gets other ports: something else listens on ${Object.values(ports).join(" or ")}.`);
  return renewedConfig({ ...args, ports: await freePorts() });
}

function isLocal(text: string, file: string): boolean {
  return stackValues(text, file).values["updraft:target"] !== "kubernetes";
}

function folderOf(stack: string, text: string, file: string): string {
  const config = parseConfig(project, stackValues(text, file).values, () => true);
  return stackFolder({ stack, path: config.target === "local" ? config.store.path : undefined });
}

function shown(path: string): string {
  const short = relative(checkout, path);
  return short.startsWith("..") ? path : short;
}

import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The official plugins that have a stand-in here. */
export const standIns = ["kubernetes", "docker", "random"] as const;
export type StandIn = (typeof standIns)[number];

const providers = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);

/**
 * The environment with the stand-ins of those plugins on PATH that are missing on this machine.
 * `UPDRAFT_PROVIDERS=official` adds none, so that Pulumi downloads what is missing.
 */
export function withPluginsOnPath(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env["UPDRAFT_PROVIDERS"] === "official") return env;
  const folders = standIns
    .filter((name) => !isInstalled(name, env))
    .map((name) => join(providers, name))
    .filter((folder) => existsSync(folder));
  if (folders.length === 0) return env;
  return { ...env, PATH: [...folders, env["PATH"] ?? ""].join(delimiter) };
}

/** Whether the official plugin of the SDK's version is where Pulumi looks for it. */
export function isInstalled(name: StandIn, env: NodeJS.ProcessEnv): boolean {
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  const folder = join(home, "plugins", `resource-${name}-v${sdkVersion(name)}`);
  const executable = `pulumi-resource-${name}`;
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((entry) => entry !== "");
  return [folder, ...onPath]
    .filter((candidate) => candidate !== join(providers, name))
    .some((candidate) => isExecutable(join(candidate, executable)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The version of the installed SDK of a plugin, which is the plugin's own. */
export function sdkVersion(name: StandIn): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}

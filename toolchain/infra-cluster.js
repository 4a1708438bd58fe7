import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder } from "./environment.js";
import { npmPackages } from "./npm-packages.js";
import { createProgress } from "./progress.js";
import { setUp } from "./setup.js";
import { chooseStack, preparePulumi } from "./stack.js";

/** @typedef {import("./setup.js").Context} Context */

const usage = `Usage: npm run infra:cluster -- <pulumi args>, such as

  npm run infra:cluster -- up --stack gpu
  npm run infra:cluster -- stack output --stack gpu --json
  npm run infra:cluster -- destroy --stack gpu

infra/cluster/Pulumi.<stack>.yaml says which cluster; docs/clusters.md has examples.`;

/** Commands for which a stack is made that has a config file and is not there. */
const stackCommands = new Set(["preview", "pre", "up", "update", "refresh", "config"]);

/**
 * Where the clouds' SDKs are installed. Not beside the program: Pulumi takes every SDK below a
 * program's folder for a plugin that it needs, and `infra` is the folder of the other program.
 * @param {Context} context
 */
export function clusterPackagesFolder(context) {
  return join(stateFolder(context), "cluster-packages");
}

/**
 * Installs what `infra/cluster/package-lock.json` names, unless it is there already.
 * @param {Context} context
 * @param {{ quiet: boolean }} options
 */
export async function clusterPackages(context, options) {
  const folder = clusterPackagesFolder(context);
  await mkdir(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json", ".npmrc"]) {
    await copyFile(join(programFolder(context), name), join(folder, name));
  }
  const step = createProgress(process.stderr, options).step("clouds' SDKs");
  try {
    await npmPackages({ ...context, repository: folder }, step);
  } catch (error) {
    step.failed();
    throw error;
  }
}

/**
 * Runs the Pulumi CLI on the program for clusters, with what it needs installed.
 * @param {Context} context
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function infraCluster(context, args) {
  const toolchain = await setUp(context, { quiet: true });
  await clusterPackages(context, { quiet: true });
  if (args.length === 0) {
    console.log(usage);
    return 2;
  }
  const folder = programFolder(context);
  const cli = await preparePulumi(context, toolchain, folder);
  const { stack } = chooseStack(args, context.env);
  const isOurs = existsSync(join(folder, `Pulumi.${stack}.yaml`));
  if (isOurs && stackCommands.has(args[0] ?? "")) {
    await cli.ask(["stack", "select", "--create", stack]);
  }
  return cli.show(args);
}

/** @param {Context} context */
function programFolder(context) {
  return join(context.repository, "infra", "cluster");
}

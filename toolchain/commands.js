import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { down } from "./down.js";
import {
  ownBackendFolder,
  pathWith,
  preparedEnvironment,
  prepareState,
  usesOwnBackend,
} from "./environment.js";
import { CommandError } from "./errors.js";
import { runInForeground } from "./foreground.js";
import { clusterPackages, infraCluster } from "./infra-cluster.js";
import { forgetInterrupted } from "./interrupted.js";
import { npmCommand } from "./npm-packages.js";
import { run } from "./run.js";
import { setUp } from "./setup.js";
import { chooseStack, ensureStack, isKnown, keepingConfig, preparePulumi } from "./stack.js";
import { refuseWhileLocked } from "./stale-locks.js";

/** @typedef {import("./setup.js").Context} Context */

/**
 * What `toolchain/main.js <name>` does; gives the exit code.
 * @type {Record<string, (context: Context, args: string[]) => Promise<number>>}
 */
export const commands = {
  setup,
  start,
  down,
  test,
  "test-cluster": testCluster,
  pulumi,
  "infra-cluster": infraCluster,
  node,
};

/** Sets up what is missing, and no more. @param {Context} context */
async function setup(context) {
  await setUp(context, { quiet: false });
  return 0;
}

/**
 * Brings a stack up and says where everything is. Arguments go to `pulumi up`.
 * @param {Context} context
 * @param {string[]} args
 */
async function start(context, args) {
  const { stack, rest } = chooseStack(args, context.env);
  const toolchain = await setUp(context, { quiet: false });
  const cli = await preparePulumi(context, toolchain);
  if (usesOwnBackend(context)) refuseWhileLocked(ownBackendFolder(context), stack);
  await ensureStack(context, cli, stack);
  await forgetInterrupted(context, cli, stack);
  const exitCode = await cli.show(["up", "--stack", stack, "--yes", "--suppress-outputs", ...rest]);
  if (exitCode !== 0) return exitCode;
  const outputs = await cli.ask(["stack", "output", "--stack", stack, "--json"]);
  const script = join(context.repository, "toolchain", "summary.js");
  process.stdout.write(await run(toolchain.node, [script, stack, outputs]));
  return 0;
}

/**
 * Checks and tests everything, to the end. Arguments go to vitest.
 * @param {Context} context
 * @param {string[]} args
 */
async function test(context, args) {
  const toolchain = await setUp(context, { quiet: false, minio: true });
  await clusterPackages(context, { quiet: false });
  // The tests bring their own backends: whoever is logged in does not matter to them.
  const env = { ...context.env, PATH: pathWith(context.env["PATH"] ?? "", toolchain) };
  const options = { cwd: context.repository, env };
  const [npm, ...npmArgs] = npmCommand(context.env);
  const checks = { passed: 0, failed: 0 };
  for (const name of ["types", "lint", "format"]) {
    const script = [...npmArgs, "run", "--silent", `check:${name}`];
    const exitCode = await runInForeground(npm, script, options);
    // Whoever has ended it does not want the rest either.
    if (exitCode > 128) return exitCode;
    checks[exitCode === 0 ? "passed" : "failed"] += 1;
  }
  const vitest = join(context.repository, "node_modules", "vitest", "vitest.mjs");
  const tests = await runInForeground(toolchain.node, [vitest, "run", ...args], options);
  console.log(`check: ${checks.passed} passed, ${checks.failed} failed`);
  return tests === 0 && checks.failed > 0 ? 1 : tests;
}

/**
 * Tests the Kubernetes target on a cluster. Arguments go to vitest.
 * @param {Context} context
 * @param {string[]} args
 */
async function testCluster(context, args) {
  const toolchain = await setUp(context, { quiet: false, minio: true });
  await clusterPackages(context, { quiet: false });
  const env = { ...context.env, PATH: pathWith(context.env["PATH"] ?? "", toolchain) };
  const script = join(context.repository, "tests", "cluster", "run-suites.ts");
  return runInForeground(toolchain.node, [script, ...args], { cwd: context.repository, env });
}

/** Commands of Pulumi that a stack of this project need not be made for by hand. */
const stackCommands = new Set(["preview", "pre", "up", "update", "refresh", "config"]);

/**
 * Runs the Pulumi CLI in the prepared environment. A stack whose config file is in the repository
 * is made if it is not there.
 * @param {Context} context
 * @param {string[]} args
 */
async function pulumi(context, args) {
  const toolchain = await setUp(context, { quiet: true });
  const cli = await preparePulumi(context, toolchain);
  const { stack } = chooseStack(args, context.env);
  const isOurs = existsSync(join(context.repository, `Pulumi.${stack}.yaml`));
  if (isOurs && stackCommands.has(args[0] ?? "") && isKnown(context, stack) === false) {
    await ensureStack(context, cli, stack);
  }
  return cli.show(args);
}

/**
 * Runs a script with Node 24 in the prepared environment.
 * @param {Context} context
 * @param {string[]} args
 */
async function node(context, [script, ...args]) {
  if (script === undefined) throw new CommandError("node needs the path of a script", 2);
  const toolchain = await setUp(context, { quiet: true });
  await prepareState(context);
  const env = preparedEnvironment(context, toolchain);
  const file = resolve(context.repository, script);
  // The platform's commands run Pulumi too.
  return keepingConfig(context, () =>
    runInForeground(toolchain.node, [file, ...args], { cwd: process.cwd(), env }),
  );
}

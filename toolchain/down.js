import { join } from "node:path";
import { ownBackendFolder, preparedEnvironment, usesOwnBackend } from "./environment.js";
import { runInForeground } from "./foreground.js";
import { forgetInterrupted } from "./interrupted.js";
import { refuseIfProtected } from "./protection.js";
import { setUp } from "./setup.js";
import {
  chooseStack,
  isKnown,
  keepingConfig,
  preparePulumi,
  removeStack,
  stackExists,
} from "./stack.js";
import { refuseWhileLocked } from "./stale-locks.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./setup.js").Toolchain} Toolchain */

/**
 * Takes a stack down, looks whether anything of it is left, and removes it. Arguments go to
 * `pulumi destroy`.
 * @param {Context} context
 * @param {string[]} args
 */
export async function down(context, args) {
  const { stack, rest } = chooseStack(args, context.env);
  const nothing = () => {
    console.log(`There is no stack ${stack}: nothing to take down.`);
    return 0;
  };
  if (isKnown(context, stack) === false) return nothing();
  const toolchain = await setUp(context, { quiet: true });
  const cli = await preparePulumi(context, toolchain);
  if (!(await stackExists(context, cli, stack))) return nothing();
  if (usesOwnBackend(context)) refuseWhileLocked(ownBackendFolder(context), stack);
  await refuseIfProtected(cli, stack);
  await forgetInterrupted(context, cli, stack);
  const destroy = ["destroy", "--stack", stack, "--yes", "--suppress-outputs", ...rest];
  const destroyed = await cli.show(destroy);
  if (destroyed !== 0) return destroyed;
  const verified = await verifyTeardown(context, toolchain, stack);
  if (verified !== 0) {
    console.error(`The stack ${stack} is kept in the backend until nothing of it is left.`);
    return verified;
  }
  await removeStack(context, cli, stack);
  console.log(`The stack ${stack} is down and removed.`);
  return 0;
}

/**
 * Looks for what is left of a stack that has just been destroyed, and says it.
 * @param {Context} context
 * @param {Toolchain} toolchain
 * @param {string} stack
 * @returns {Promise<number>} 0 if there is nothing
 */
function verifyTeardown(context, toolchain, stack) {
  const script = join("infra", "commands", "verify-teardown", "main.ts");
  const args = [join(context.repository, script), stack, "--going", "--take-tags-off"];
  const env = preparedEnvironment(context, toolchain);
  return keepingConfig(context, () =>
    runInForeground(toolchain.node, args, { cwd: context.repository, env }),
  );
}

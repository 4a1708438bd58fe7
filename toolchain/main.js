import { constants } from "node:os";
import { commands } from "./commands.js";
import { CommandError, Unavailable } from "./errors.js";
import { stopRunning } from "./run.js";
import { currentContext } from "./setup.js";

const usage = `Usage: node toolchain/main.js <command>

  setup                sets up what is missing: Node 24, npm packages, Pulumi, libtensorflow
  start [--stack x]    sets up, brings a stack up, and says where everything is
  down [--stack x]     takes a stack down again
  test [vitest flags]  sets up, checks and tests everything
  test-cluster [flags] sets up, and tests the Kubernetes target on a cluster
  pulumi <args>        runs the Pulumi CLI on these stacks
  infra-cluster <args> runs the Pulumi CLI on those of infra/cluster
  node <script>        runs a script with Node 24

The stack is dev, or what UPDRAFT_STACK says.`;

/** @param {readonly string[]} argv */
async function main([name, ...args]) {
  if (name === undefined || name === "--help" || name === "help") {
    console.log(usage);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new CommandError(`There is no command ${name}.\n\n${usage}`, 2);
  return command(currentContext(), args[0] === "--" ? args.slice(1) : args);
}

let isEnding = false;

/**
 * Ends what is under way, and then this process; a second signal ends it at once. While a program
 * has the terminal, foreground.js passes signals on to it instead.
 * @param {NodeJS.Signals} signal
 */
async function endOnSignal(signal) {
  if (process.listenerCount(signal) > 1) return;
  if (!isEnding) {
    isEnding = true;
    await stopRunning();
  }
  process.exit(128 + constants.signals[signal]);
}

process.on("SIGINT", endOnSignal);
process.on("SIGTERM", endOnSignal);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CommandError || error instanceof Unavailable)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = error instanceof CommandError ? error.exitCode : 1;
}

import { environmentOf } from "./cluster-facts.ts";
import { down, factsIfUp, up } from "./cluster.ts";
import { CommandError, Unavailable } from "../../../toolchain/errors.js";
import { ClusterError } from "./report.ts";
import { printStatus } from "./status.ts";

const usage = `Usage: npm run cluster -- <command>

  up              starts the test cluster, or finds it up
  down [--purge]  stops it and removes what it made on this machine; --purge: its images too
  status          says what runs
  env             prints the environment in which programs use it, for eval
`;

async function main([command, ...flags]: readonly string[]): Promise<number> {
  switch (command) {
    case "up":
      await up();
      return 0;
    case "down":
      await down(flags.includes("--purge"));
      return 0;
    case "status":
      return printStatus();
    case "env":
      return printEnvironment();
    default:
      process.stderr.write(usage);
      return 2;
  }
}

async function printEnvironment(): Promise<number> {
  const facts = await factsIfUp();
  if (facts === undefined) {
    throw new ClusterError("The test cluster is not up; `npm run cluster -- up` starts it.");
  }
  for (const [name, value] of Object.entries(environmentOf(facts))) {
    process.stdout.write(`export ${name}='${value}'\n`);
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ClusterError) && !isToolchainError(error)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}

/** A program that failed, with what it said. */
function isToolchainError(error: unknown): error is Error {
  return error instanceof CommandError || error instanceof Unavailable;
}

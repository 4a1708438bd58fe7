import { parseArgs, type ParseArgsConfig } from "node:util";
import { messageOf } from "@updraft/contracts/message-of";
import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../config/config-error.ts";

/** The arguments are none that can be used; the message ends with the usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something that a person has to put right; the message says what, and comes as it is. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(
    message: string,
    { exitCode = 1, cause }: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}

/**
 * Reads the arguments of a command.
 * @throws {UsageError} if they are not as the usage says
 */
export function argumentsOf<T extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: T,
  usage: string,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${usage}`);
  }
}

/**
 * Runs a command to its end and ends the process with its exit code: 2 for arguments that cannot
 * be used, 1 for what somebody has to put right, which is said without a stack trace.
 * @param usage is printed for `--help`
 * @param command gives the exit code
 */
export async function runCommand(
  usage: string,
  command: (argv: readonly string[]) => Promise<number>,
): Promise<never> {
  const argv = process.argv.slice(2);
  // Whoever reads the output may be gone.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  process.on("unhandledRejection", fail);
  try {
    if (argv.includes("--help") || argv.includes("-h")) process.stdout.write(`${usage}\n`);
    else process.exitCode = await command(argv);
  } catch (error) {
    fail(error);
  }
  return process.exit();
}

function fail(error: unknown): never {
  const isExpected = [ConfigError, UsageError, CommandError, pulumi.RunError].some(
    (kind) => error instanceof kind,
  );
  const text = error instanceof Error && !isExpected ? error.stack : undefined;
  process.stderr.write(`${text ?? messageOf(error)}\n`);
  if (error instanceof UsageError) process.exit(2);
  process.exit(error instanceof CommandError ? error.exitCode : 1);
}

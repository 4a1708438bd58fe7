import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { CommandError } from "./run-command.ts";

/** Exit code of a command that needs a program which is not here. */
export const missingProgram = 3;

/**
 * The first of some programs that is on PATH, or the one that a variable names.
 * @param names in the order of preference
 * @param advice how one is installed: a sentence
 * @throws {CommandError} with exit code {@link missingProgram}
 */
export function findProgram(
  names: readonly string[],
  variable: string,
  advice: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const named = env[variable];
  if (named) return named;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    const file = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (file !== undefined) return file;
  }
  throw new CommandError(
    `${names.join(" or ")} is not on PATH, and ${variable} names none. ${advice}`,
    { exitCode: missingProgram },
  );
}

/** How a program ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without input. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ProgramResult> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { existsSync } from "node:fs";
import { checkout } from "../../checkout.ts";
import { runProgram, type ProgramResult } from "../support/program.ts";
import { configFileOf, existingStack, openWorkspace } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { parseHistory, type HistoryEntry } from "./read-history.ts";
import { errorsOf, parsePreview, type Preview } from "./read-preview.ts";
import { parseState, type StackState } from "./read-state.ts";

/** How far back an expectation may look. */
const historyLength = 50;

export interface StackFacts {
  readonly state: StackState;
  /** The newest first. */
  readonly history: readonly HistoryEntry[];
}

/**
 * Reads what is known of a stack without an update. Secrets stay encrypted, and nothing is changed;
 * only that a stack which is configured and not in the backend yet is made there, empty, because
 * the engine previews no other.
 * @throws {CommandError} if there is no such stack, or the backend cannot be read
 */
export async function readStack(stack: string): Promise<StackFacts> {
  const [exported, past] = await Promise.all([
    pulumi("stack", "export", "--stack", stack),
    pulumi(
      "stack",
      "history",
      "--json",
      "--page-size",
      `${historyLength}`,
      "--page",
      "1",
      "--stack",
      stack,
    ),
  ]);
  const failed = [exported, past].find(({ code }) => code !== 0);
  if (failed) {
    if (/no stack named/.test(failed.stderr) && existsSync(configFileOf(stack))) {
      const made = await pulumi("stack", "init", stack, "--no-select");
      if (made.code === 0) return readStack(stack);
    }
    // This knows which stacks there are.
    await existingStack(await openWorkspace(), stack);
    throw new CommandError(failed.stderr.trim());
  }
  return { state: parseState(exported.stdout), history: parseHistory(past.stdout) };
}

/** What an update would do, or why it cannot work, in the words of the program or the engine. */
export type Previewed = { readonly preview: Preview } | { readonly failure: string };

/** Previews an update of a stack, with what would stay as it is. */
export async function readPreview(stack: string): Promise<Previewed> {
  const { code, stdout, stderr } = await pulumi(
    "preview",
    "--json",
    "--show-sames",
    "--stack",
    stack,
  );
  const preview = parsePreview(stdout);
  if (code === 0 && preview) return { preview };
  const said = preview ? errorsOf(preview) : [];
  const failure = said.length > 0 ? said.join("\n") : stderr.trim() || stdout.trim();
  return { failure: failure === "" ? `pulumi preview ended with code ${code}` : failure };
}

function pulumi(...args: string[]): Promise<ProgramResult> {
  return runProgram("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: checkout,
  });
}

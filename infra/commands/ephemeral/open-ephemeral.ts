import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { LocalWorkspace, StackSummary } from "@pulumi/pulumi/automation/index.js";
import { messageOf } from "@updraft/contracts/message-of";
import { checkout } from "../../checkout.ts";
import { pipelineProblem } from "../support/pipeline-problem.ts";
import { openWorkspace } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";

/**
 * The project's stacks, also those whose configuration is on another machine: what a passphrase is
 * to open is in the state as well.
 * @throws {CommandError} in a pipeline that lacks a secret: its stacks would be nowhere
 */
export async function openEphemeral(): Promise<LocalWorkspace> {
  const problem = pipelineProblem(process.env, checkout);
  if (problem !== undefined) throw new CommandError(problem);
  const workspace = await openWorkspace();
  workspace.envVars = {
    ...workspace.envVars,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
  return workspace;
}

/** What the backend lists of a stack; nothing where it has none of that name. */
export async function inBackend(
  workspace: LocalWorkspace,
  stack: string,
): Promise<StackSummary | undefined> {
  return (await workspace.listStacks()).find(({ name }) => name === stack);
}

/**
 * Makes a stack in the backend, without selecting it at this terminal.
 * @throws {CommandError} if it cannot be made
 */
export async function initStack(workspace: LocalWorkspace, stack: string): Promise<void> {
  await runPulumi(workspace, ["stack", "init", stack, "--no-select"]);
}

/**
 * Runs what Pulumi's Automation API has no method for.
 * @throws {CommandError} with what Pulumi has said
 */
export async function runPulumi(workspace: LocalWorkspace, args: readonly string[]): Promise<void> {
  const { command } = workspace.pulumiCommand;
  try {
    await promisify(execFile)(command, [...args, "--non-interactive"], {
      cwd: workspace.workDir,
      env: { ...process.env, ...workspace.envVars },
    });
  } catch (error) {
    throw new CommandError(messageOf(error), { cause: error });
  }
}

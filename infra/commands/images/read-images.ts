import { checkout } from "../../checkout.ts";
import { runProgram } from "../support/program.ts";
import { existingStack, openWorkspace } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { stackImages, type StackImage } from "./stack-images.ts";

/**
 * The images of a stack. What is secret in its state stays encrypted.
 * @throws {CommandError} if there is no such stack
 */
export async function readImages(stack: string): Promise<StackImage[]> {
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const { code, stdout, stderr } = await runProgram("pulumi", args, { cwd: checkout });
  if (code === 0) return stackImages(stdout);
  // Which stacks there are is the better answer.
  await existingStack(await openWorkspace(), stack);
  throw new CommandError(`the state of ${stack} cannot be read: ${stderr.trim()}`);
}

/** What is said of a stack without images. */
export function noImages(stack: string): string {
  return `${stack} runs no images: it is not up, or it is processes on this machine (updraft:target: local).\n`;
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "@updraft/contracts/message-of";
import { checkout } from "../../checkout.ts";
import { existingStack, openWorkspace } from "../support/project.ts";
import { CommandError } from "../support/run-command.ts";
import { stackImages, type StackImage } from "./stack-images.ts";

/**
 * The images of a stack. What is secret in its state stays encrypted.
 * @throws {CommandError} if there is no such stack
 */
export async function readImages(stack: string): Promise<StackImage[]> {
  await existingStack(await openWorkspace(), stack);
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  try {
    const options = { cwd: checkout, maxBuffer: 512 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)("pulumi", args, options);
    return stackImages(stdout);
  } catch (error) {
    throw new CommandError(`the state of ${stack} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** What is said of a stack without images. */
export function noImages(stack: string): string {
  return `${stack} runs no images: it is not up, or it is processes on this machine (updraft:target: local).\n`;
}

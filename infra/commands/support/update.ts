import { CommandError as PulumiError, type Stack } from "@pulumi/pulumi/automation/index.js";
import { CommandError } from "./run-command.ts";

/**
 * Brings a stack up as its configuration says, with Pulumi's words on this terminal.
 * @param message kept in the stack's history
 * @throws {CommandError} if the update fails, which Pulumi has said then
 */
export async function update(stack: Stack, message: string): Promise<void> {
  const { signal, release } = cancellation();
  const colour = process.stdout.isTTY && !process.env["NO_COLOR"] ? "always" : "never";
  try {
    await stack.up({
      message,
      color: colour,
      suppressOutputs: true,
      signal,
      onOutput: (text) => process.stdout.write(text),
      onError: (text) => process.stderr.write(text),
    });
  } catch (error) {
    if (!(error instanceof PulumiError)) throw error;
    throw new CommandError(`the update of ${stack.name} has failed, for the reason above`, {
      cause: error,
    });
  } finally {
    release();
  }
}

/** Aborted by a signal to this process, which Pulumi then ends in order. */
export function cancellation(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.once(name, cancel);
  return {
    signal: controller.signal,
    release() {
      for (const name of names) process.off(name, cancel);
    },
  };
}

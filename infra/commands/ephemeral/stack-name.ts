import { UsageError } from "../support/run-command.ts";

/**
 * Checks the name of a stack that is to be made.
 * @throws {UsageError} if a namespace, a host and a file could not be named after it
 */
export function checkStackName(name: string, template: string): void {
  if (!/^[a-z][-a-z0-9]{0,38}[a-z0-9]$/.test(name)) {
    throw new UsageError(
      `${name} is no name for an ephemeral stack: its namespace, its host and its files are named after it; expected 2 to 40 lower-case letters, digits and dashes, such as pr-12`,
    );
  }
  if (template === `Pulumi.${name}.yaml`) {
    throw new UsageError(
      `${name} cannot be the stack's name: Pulumi.${name}.yaml is its template; name it otherwise, such as pr-12`,
    );
  }
}

import { Release } from "@updraft/contracts/release";
import { CommandError, UsageError } from "../support/run-command.ts";

/** Longest reason that the configuration takes, in characters. */
const longestReason = 500;

/**
 * The version to go back to.
 * @param wanted what the user has asked for: a version or a digest; without it the one that served
 * before
 * @param release the stack's output
 * @throws {UsageError} if it is neither
 * @throws {CommandError} if there is nothing to go back to
 */
export function pinOf(wanted: string | undefined, stack: string, release: unknown): string {
  if (wanted !== undefined) {
    if (/^([1-9]\d*|sha256:[0-9a-f]{64})$/.test(wanted)) return wanted;
    throw new UsageError(
      `${wanted} is neither a version such as 3 nor a digest, sha256: and 64 hexadecimal digits`,
    );
  }
  const parsed = Release.safeParse(release);
  if (!parsed.success) {
    throw new CommandError(`${stack} has released nothing yet, so there is nothing to go back to`);
  }
  const { previous, version } = parsed.data;
  if (previous) return previous.version;
  throw new CommandError(
    `version ${version} is the first that ${stack} serves; name the version or the digest to go to`,
  );
}

/** What is kept with the move of the alias: why, and who says so. */
export function reasonOf(reason: string | undefined, actor: string): string {
  const said = reason === undefined ? `by ${actor}` : `${reason.trim()} (${actor})`;
  if (said.length <= longestReason) return said;
  throw new UsageError(
    `the reason has ${said.length} characters with the name after it; at most ${longestReason} are kept`,
  );
}

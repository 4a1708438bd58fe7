import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CommandError } from "../support/run-command.ts";

/** A vulnerability that somebody has looked at, and accepts for a time. */
const Exception = z.strictObject({
  /** Of the advisory, as the report names it. */
  id: z.string().regex(/^(GHSA|CVE)-[\w-]+$/, "expected GHSA-… or CVE-…"),
  package: z.string().min(1),
  /** Why it does no harm here, or what it waits for. */
  reason: z.string().min(10),
  /** The last day, ISO 8601. */
  until: z.iso.date(),
});
export type Exception = z.infer<typeof Exception>;

/** The exceptions of this repository. */
export const exceptionsFile = join(import.meta.dirname, "exceptions.json");

/**
 * Reads the list of exceptions.
 * @throws {CommandError} with every entry that is none
 */
export function readExceptions(file = exceptionsFile): readonly Exception[] {
  const parsed = z.array(Exception).safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new CommandError(`${file}:\n${z.prettifyError(parsed.error)}`);
}

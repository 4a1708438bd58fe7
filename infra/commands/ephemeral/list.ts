import { StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { messageOf } from "@updraft/contracts/message-of";
import { openEphemeral } from "./open-ephemeral.ts";
import { type EphemeralTags, readTags } from "./stack-tags.ts";
import { inWords } from "./ttl.ts";

/** One line of the list. */
export interface ListedStack {
  readonly name: string;
  /** Or why they cannot be read. */
  readonly tags: EphemeralTags | string;
  readonly resources: number;
}

/** Prints the ephemeral stacks of the backend, and when they go. @returns the exit code */
export async function list(): Promise<number> {
  const workspace = await openEphemeral();
  const listed: ListedStack[] = [];
  for (const { name, resourceCount } of await workspace.listStacks()) {
    const tags = await readTags(workspace, name).catch((error: unknown) => {
      return error instanceof StackNotFoundError ? undefined : messageOf(error);
    });
    if (tags !== undefined) listed.push({ name, tags, resources: resourceCount ?? 0 });
  }
  process.stdout.write(`${listing(listed, new Date())}\n`);
  return 0;
}

/** The stacks as a table, the one that goes next first. */
export function listing(stacks: readonly ListedStack[], now: Date): string {
  if (stacks.length === 0) return "There are no ephemeral stacks.";
  const sorted = stacks.toSorted((a, b) => goesAt(a) - goesAt(b));
  const rows = sorted.map(({ name, tags, resources }) =>
    typeof tags === "string"
      ? [name, tags]
      : [name, goes(tags.expiresAt, now), ofPullRequest(tags), `${resources} resources`],
  );
  // What cannot be read is as long as it is, and moves no column.
  const widthOf = (column: number) =>
    Math.max(
      ...rows.map((row) => (column > 0 && row.length === 2 ? 0 : (row[column] ?? "").length)),
    );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widthOf(column)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function goesAt({ tags }: ListedStack): number {
  return typeof tags === "string" ? 0 : tags.expiresAt.getTime();
}

function goes(expiresAt: Date, now: Date): string {
  const left = expiresAt.getTime() - now.getTime();
  const when = expiresAt.toISOString().replace(/\.\d+Z$/, "Z");
  return left > 0 ? `goes in ${inWords(left)} (${when})` : `expired ${inWords(left)} ago (${when})`;
}

function ofPullRequest({ pullRequest, repository }: EphemeralTags): string {
  return pullRequest === undefined ? "" : `${repository ?? ""}#${pullRequest}`;
}

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";
import { interruptedIn, withoutCreates } from "../../../toolchain/interrupted.js";
import { runPulumi } from "./open-ephemeral.ts";

const Operation = z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) });
const State = z.looseObject({
  deployment: z.looseObject({ pending_operations: z.array(Operation).nullish() }).nullish(),
});

/** What is left of a state when what was about to be made is forgotten. */
export interface WithoutInterrupted {
  readonly state: unknown;
  /** Names of what was about to be made; with none of them the state is as it was. */
  readonly names: readonly string[];
}

/** @param exported what `pulumi stack export` says */
export function withoutInterrupted(exported: unknown): WithoutInterrupted {
  const state = State.parse(exported);
  const deployment = state.deployment ?? {};
  return {
    state: { ...state, deployment: withoutCreates(deployment) },
    names: interruptedIn(deployment),
  };
}

/**
 * Takes what a killed update was about to make out of the state. Pulumi keeps it there and warns of
 * it for ever; the next update makes it anew, or takes over what it finds.
 * @returns names of what was about to be made
 */
export async function forgetInterrupted(
  workspace: LocalWorkspace,
  stack: string,
): Promise<readonly string[]> {
  // Its secrets stay encrypted, and only this user reads it.
  const folder = await mkdtemp(join(tmpdir(), "updraft-state-"));
  const file = join(folder, "state.json");
  try {
    await runPulumi(workspace, ["stack", "export", "--stack", stack, "--file", file]);
    const { state, names } = withoutInterrupted(JSON.parse(await readFile(file, "utf8")));
    if (names.length === 0) return names;
    await writeFile(file, JSON.stringify(state));
    await runPulumi(workspace, ["stack", "import", "--stack", stack, "--file", file]);
    return names;
  } finally {
    await rm(folder, { recursive: true });
  }
}

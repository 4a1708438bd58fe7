import { existsSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder, usesOwnBackend } from "./environment.js";
import { checkpointFile } from "./stack.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./stack.js").Pulumi} Pulumi */

/**
 * A step that Pulumi has noted down before it began.
 * @typedef {{ type: string, resource: { urn: string } }} Operation
 */

/**
 * Takes what a killed command was about to make out of the state of this clone's backend. Pulumi
 * keeps it there and warns of it with every command until somebody has looked; here the next update
 * makes it anew, a service that runs is taken over, and a teardown looks for what it has not noted.
 * @param {Context} context
 * @param {Pulumi} pulumi
 * @param {string} stack
 */
export async function forgetInterrupted(context, pulumi, stack) {
  if (!usesOwnBackend(context) || interruptedIn(checkpointOf(context, stack)).length === 0) return;
  const state = JSON.parse(await pulumi.ask(["stack", "export", "--stack", stack]));
  const names = interruptedIn(state.deployment);
  const file = join(stateFolder(context), `${stack}-${process.pid}.state.json`);
  await writeFile(
    file,
    JSON.stringify({ ...state, deployment: withoutCreates(state.deployment) }),
    {
      mode: 0o600,
    },
  );
  try {
    await pulumi.ask(["stack", "import", "--stack", stack, "--file", file]);
  } finally {
    await rm(file, { force: true });
  }
  console.error(`A command was killed while it made ${names.join(", ")}; that step is forgotten.`);
}

/**
 * Names of what was about to be made.
 * @param {{ pending_operations?: Operation[] | null } | undefined} deployment
 * @returns {string[]}
 */
export function interruptedIn(deployment) {
  const operations = deployment?.pending_operations ?? [];
  const names = operations
    .filter(({ type }) => type === "creating")
    .map(({ resource }) => resource.urn.split("::").at(-1) ?? resource.urn);
  return [...new Set(names)];
}

/**
 * The same state without what was about to be made.
 * @param {{ pending_operations?: Operation[] | null }} deployment
 */
export function withoutCreates(deployment) {
  const operations = deployment.pending_operations ?? [];
  return {
    ...deployment,
    pending_operations: operations.filter(({ type }) => type !== "creating"),
  };
}

/** @param {Context} context @param {string} stack */
function checkpointOf(context, stack) {
  const file = checkpointFile(context, stack);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).checkpoint?.latest : undefined;
}

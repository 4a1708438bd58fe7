import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "@updraft/contracts/message-of";
import { LocalConfig, type Config } from "../../config/config.ts";
import { backendFindings } from "./backend-findings.ts";
import { allFindings, nothingFound, type Findings, type Leftover } from "./leftover.ts";
import { localFindings, localPlace } from "./local-findings.ts";
import { registryFindings } from "./registry-tags.ts";
import { withTrackerSecrets } from "./tracker-secrets.ts";

/** How a stack is looked for. */
export interface Search {
  /** How long is waited for what may be about to go by itself. @default 30 */
  readonly waitSeconds?: number;
  /** Whether the caller removes the empty stack from the backend itself. @default false */
  readonly isBeingTakenDown?: boolean;
}

/** How long the next look waits. */
const pollMilliseconds = 500;

/** What a search waits by default. */
export const defaultWaitSeconds = 30;

/**
 * What is still there of a stack and should not be; what its configuration keeps is not named.
 * @param config none where there is no file any more: then it is looked for by its name
 * @throws {CommandError} if the place where the configuration has it cannot be looked at
 */
export async function findLeftovers(
  stack: string,
  config: Config | undefined,
  search: Search = {},
): Promise<readonly Leftover[]> {
  return (await findingsOf(stack, config, search)).leftovers;
}

/** The same with what is kept on purpose, and what could not be looked at. */
export async function findingsOf(
  stack: string,
  config: Config | undefined,
  { waitSeconds = defaultWaitSeconds, isBeingTakenDown = false }: Search = {},
): Promise<Findings> {
  const deadline = performance.now() + waitSeconds * 1000;
  const fixed = await fixedFindings(stack, config, isBeingTakenDown);
  for (;;) {
    const passing = await passingFindings(stack, config);
    const isGoing = passing.leftovers.some((leftover) => leftover.isGoing);
    if (!isGoing || performance.now() > deadline) return allFindings([passing, fixed]);
    await sleep(pollMilliseconds);
  }
}

/** What does not go by itself. */
async function fixedFindings(
  stack: string,
  config: Config | undefined,
  isBeingTakenDown: boolean,
): Promise<Findings> {
  const backend = await backendFindings(stack, isBeingTakenDown);
  if (config?.tracker.uri === undefined) return backend;
  try {
    const registry = await registryFindings(stack, await withTrackerSecrets(stack, config));
    return allFindings([backend, registry]);
  } catch (error) {
    const problem = `the registry at ${config.tracker.uri}: the credentials of the configuration cannot be read (${messageOf(error)})`;
    return allFindings([backend, { ...nothingFound, unseen: [problem] }]);
  }
}

/** What may be on its way out. */
async function passingFindings(stack: string, config: Config | undefined): Promise<Findings> {
  if (config !== undefined && isLocal(config)) return localFindings(localPlace(stack, config));
  // Only here: a stack of this machine needs none of it, and loading it takes a while.
  const { searchCluster, searchClusterByName } = await import("./cluster-search.ts");
  if (config !== undefined) return searchCluster(stack, config);
  // Without a configuration it is where the defaults have it, whichever its target was.
  const here = localFindings(localPlace(stack, LocalConfig.parse({})));
  return allFindings(await Promise.all([here, searchClusterByName(stack)]));
}

function isLocal(config: Config): config is LocalConfig {
  return config.target === "local";
}

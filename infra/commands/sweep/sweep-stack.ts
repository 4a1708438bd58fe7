import {
  CommandError as PulumiError,
  type LocalWorkspace,
} from "@pulumi/pulumi/automation/index.js";
import { messageOf } from "@updraft/contracts/message-of";
import {
  despiteOthers,
  hasStumbled,
  isBrieflyHeld,
  isNotFound,
} from "../ephemeral/despite-others.ts";
import {
  holderInWords,
  lockErrorIn,
  locksIn,
  needsLooking,
  unlockHint,
} from "../ephemeral/stack-lock.ts";
import { type EphemeralTags, readTags } from "../ephemeral/stack-tags.ts";
import {
  InterruptedError,
  removePulumisOwn,
  StackStaysError,
  takeDown,
  whatCanGo,
} from "../ephemeral/take-down.ts";
import type { SweptStack } from "./sweep-report.ts";
import { type GitHub, pullRequestState } from "./pull-requests.ts";
import { isExpired, verdictOf } from "./verdict.ts";

export interface SweepOptions {
  readonly gitHub: GitHub | undefined;
  /** Says what would go, and lets it stay. */
  readonly isDryRun: boolean;
  /** What Pulumi says. */
  readonly onOutput: (text: string) => void;
}

/**
 * Looks after one stack, and takes it down if it is to go.
 * @returns what has become of it; nothing of a stack that is none of the ephemeral ones
 * @throws {InterruptedError} if a signal has stopped it
 */
export async function sweepStack(
  workspace: LocalWorkspace,
  stack: string,
  options: SweepOptions,
): Promise<SweptStack | undefined> {
  try {
    return await despiteOthers(
      () => lookAfter(workspace, stack, options),
      (error) => isBrieflyHeld(error) || hasStumbled(error),
    );
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    if (!isNotFound(error)) return whatFailed(stack, error);
    await removePulumisOwn(stack);
    return { stack, outcome: "gone", reason: "somebody else has removed it" };
  }
}

async function lookAfter(
  workspace: LocalWorkspace,
  stack: string,
  options: SweepOptions,
): Promise<SweptStack | undefined> {
  const tags = await readTags(workspace, stack);
  if (tags === undefined) return undefined;
  const verdict = verdictOf(tags, new Date(), await pullRequestState(tags, options.gitHub));
  const { reason } = verdict;
  if (!verdict.isToGo) {
    return { stack, outcome: verdict.isUncertain ? "unknown" : "kept", reason };
  }
  if (options.isDryRun) {
    await whatCanGo(workspace, stack, tags);
    return { stack, outcome: "would go", reason };
  }
  options.onOutput(`${stack}: ${reason}\n`);
  return goneOrStaying(workspace, { stack, tags, reason }, options);
}

async function goneOrStaying(
  workspace: LocalWorkspace,
  { stack, tags, reason }: { stack: string; tags: EphemeralTags; reason: string },
  { gitHub, onOutput }: SweepOptions,
): Promise<SweptStack> {
  /** Somebody may have renewed it since it was looked at. */
  const isStillToGo = async () => {
    const current = await readTags(workspace, stack);
    if (current === undefined) return false;
    if (isExpired(current, new Date())) return true;
    return (await pullRequestState(current, gitHub)).state === "closed";
  };
  const isGone = await takeDown(workspace, stack, { tags, onOutput, isStillToGo });
  if (isGone) return { stack, outcome: "destroyed", reason };
  return { stack, outcome: "kept", reason: "was renewed meanwhile" };
}

function whatFailed(stack: string, error: unknown): SweptStack {
  if (error instanceof StackStaysError) return { stack, outcome: error.why, reason: error.message };
  const locked = lockErrorIn(error);
  if (locked === undefined) return { stack, outcome: "failed", reason: shortly(error) };
  const locks = locksIn(locked);
  const holder = holderInWords(locks);
  if (!locks.some((lock) => needsLooking(lock, new Date()))) {
    return { stack, outcome: "held", reason: `${holder} holds it; left alone` };
  }
  const reason = `${holder} holds it, and seems to be gone; if it is: ${unlockHint(stack)}`;
  return { stack, outcome: "failed", reason };
}

/** What went wrong in one line; Pulumi's own errors hold all that it has said. */
function shortly(error: unknown): string {
  const said = messageOf(error);
  const ofPulumi = error instanceof PulumiError ? /^.*?\berror: (.*)$/m.exec(said)?.[1] : undefined;
  return (ofPulumi ?? said).trim().replaceAll(/\s+/g, " ").slice(0, 500);
}

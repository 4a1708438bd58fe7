import { inWords } from "../ephemeral/ttl.ts";
import type { EphemeralTags } from "../ephemeral/stack-tags.ts";

/** Whether a stack is to go, and why. */
export interface Verdict {
  readonly isToGo: boolean;
  /** In words that follow the stack's name and a colon. */
  readonly reason: string;
  /** Whether something could not be found out that might have let it go. */
  readonly isUncertain?: boolean;
}

/** What is known of a stack's pull request, or why nothing is. */
export type PullRequestState =
  | { readonly state: "open" | "closed" }
  /** Nobody was asked: there is no pull request, or no way to ask. */
  | { readonly state: "not asked" }
  | { readonly state: "unknown"; readonly problem: string };

/**
 * How long after its time a stack is left alone, in milliseconds: the clock that set the time may
 * be behind the one that reads it.
 */
export const clockToleranceMilliseconds = 5 * 60_000;

/** Whether a stack's time is over, on any clock. */
export function isExpired({ expiresAt }: EphemeralTags, now: Date): boolean {
  return now.getTime() > expiresAt.getTime() + clockToleranceMilliseconds;
}

/**
 * Whether an ephemeral stack is to go: its time is over, or its pull request is closed. What could
 * not be found out is no reason.
 */
export function verdictOf(tags: EphemeralTags, now: Date, pullRequest: PullRequestState): Verdict {
  const left = tags.expiresAt.getTime() - now.getTime();
  if (isExpired(tags, now)) return { isToGo: true, reason: `expired ${inWords(left)} ago` };
  const time =
    left > 0 ? `goes in ${inWords(left)}` : "has just expired, and goes with the next sweep";
  if (pullRequest.state === "closed") {
    return { isToGo: true, reason: `pull request #${tags.pullRequest} is closed` };
  }
  if (pullRequest.state === "unknown") {
    const reason = `${time}; whether pull request #${tags.pullRequest} is closed could not be found out: ${pullRequest.problem}`;
    return { isToGo: false, reason, isUncertain: true };
  }
  const open = pullRequest.state === "open" ? `, pull request #${tags.pullRequest} is open` : "";
  return { isToGo: false, reason: `${time}${open}` };
}

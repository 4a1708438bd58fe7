import { actionInWords, stayInWords } from "./action-words.ts";
import { gateAhead, type RuleAhead } from "./gate-ahead.ts";
import type { InputChange } from "./input-changes.ts";
import { expectedDuration, type ExpectedDuration } from "./durations.ts";
import type { HistoryEntry } from "./read-history.ts";
import type { Preview } from "./read-preview.ts";
import type { StackState } from "./read-state.ts";
import type { Source } from "./release-inputs.ts";
import { changesOf, isRepeat, reasonsOf } from "./reasons.ts";
import { releaseSteps, type ReleaseSteps, type ReleaseWay } from "./release-steps.ts";
import { rolloutAhead, type RolloutAhead } from "./rollout-ahead.ts";

/** What an update would do to the model. */
export interface ModelPlan {
  readonly action: "train" | "promote" | "roll-back" | "stay";
  /** For people: one sentence. */
  readonly summary: string;
  /** Which inputs are the reason; empty where nothing is done, or nothing was there before. */
  readonly changes: readonly InputChange[];
  /** Reasons beside those, in words. */
  readonly reasons: readonly string[];
  /** Whether it trains with the very inputs of the last release, because every update does. */
  readonly isRepeat: boolean;
  /** What is taken over, or trained again. */
  readonly source: Source | undefined;
  /** The rules that the package faces; empty where nothing is judged. */
  readonly gate: readonly RuleAhead[];
  readonly duration: ExpectedDuration | undefined;
  readonly rollout: RolloutAhead;
}

const actions = { training: "train", promotion: "promote", rollback: "roll-back" } as const;

/**
 * Whether an update trains, promotes, rolls back or leaves the model as it is, and why.
 * @returns nothing if the preview does not say where the release would come from
 */
export function modelPlan(
  preview: Preview,
  state: StackState,
  history: readonly HistoryEntry[],
): ModelPlan | undefined {
  const { release, url } = state;
  const found = sinceRelease(releaseSteps(preview), state);
  const { planned, previous, runs } = found;
  if (planned === undefined) return undefined;
  const isGated = runs && planned.mode !== "rollback";
  const { inputs, mode } = planned;
  return {
    action: runs ? actions[mode] : "stay",
    summary: runs ? actionInWords(planned) : stayInWords(planned, release?.version),
    changes: runs ? changesOf(found) : [],
    reasons: runs ? reasonsOf(found) : [],
    isRepeat: runs && isRepeat(found),
    source: inputs.source,
    gate: isGated
      ? gateAhead({
          rules: inputs.gate ?? {},
          before: previous?.inputs.gate,
          champion: release,
          hasOtherData: changesOf(found).some(({ input }) => input === "datasetFingerprint"),
        })
      : [],
    duration: runs ? expectedDuration(history, { mode, target: targetOf(preview) }) : undefined,
    rollout: rolloutAhead(preview, {
      runs,
      isGated,
      before: release?.digest,
      after: digestAhead(planned, state),
      url,
    }),
  };
}

/** A first update that failed has left a plan in the state, and no release to compare with. */
function sinceRelease(
  found: ReleaseSteps,
  { release, unreadableRelease }: StackState,
): ReleaseSteps {
  const hasReleased = release !== undefined || unreadableRelease !== undefined;
  return hasReleased ? found : { ...found, previous: undefined };
}

function digestAhead({ mode, inputs }: ReleaseWay, { release }: StackState): string | undefined {
  if (mode === "promotion") return inputs.source?.digest;
  if (mode !== "rollback") return undefined;
  if (inputs.pin?.startsWith("sha256:")) return inputs.pin;
  return inputs.pin === release?.version ? release?.digest : undefined;
}

function targetOf({ steps }: Preview): HistoryEntry["target"] {
  return steps.some(({ newState }) => newState?.type.startsWith("kubernetes:"))
    ? "kubernetes"
    : "local";
}

import { actionInWords, pinInWords, stayInWords } from "./action-words.ts";
import { code } from "./format-values.ts";
import { gateAhead, type RuleAhead } from "./gate-ahead.ts";
import { inputChanges, type InputChange } from "./input-changes.ts";
import { expectedDuration, type ExpectedDuration } from "./durations.ts";
import type { HistoryEntry } from "./read-history.ts";
import type { Preview } from "./read-preview.ts";
import type { StackState } from "./read-state.ts";
import type { Source } from "./release-inputs.ts";
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
  const found = releaseSteps(preview);
  const { planned, previous, runs } = found;
  if (planned === undefined) return undefined;
  const { release, url } = state;
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
          hasOtherData: inputs.datasetFingerprint !== previous?.inputs.datasetFingerprint,
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

/** What differs from the last release; of another way to it only what both have. */
function changesOf({ planned, previous }: ReleaseSteps): InputChange[] {
  if (!planned || !previous) return [];
  const all = inputChanges(previous.inputs, planned.inputs);
  if (previous.mode === planned.mode) return all;
  return all.filter(({ input }) => !["source", "pin", "trials"].includes(input));
}

function reasonsOf(found: ReleaseSteps): string[] {
  const reasons = ownReasons(found);
  if (isForced(found)) {
    const forced = `${code("updraft:model.retrain")} is ${code("always")}`;
    return [
      ...reasons,
      isRepeat(found) ? forced : `${forced}: it would train without a change too`,
    ];
  }
  const hasReason = reasons.length > 0 || changesOf(found).length > 0;
  return hasReason ? reasons : ["its last run is not there any more"];
}

function isForced({ planned, previous, retrain }: ReleaseSteps): boolean {
  return planned?.mode === "training" && retrain === "always" && previous !== undefined;
}

function isRepeat(found: ReleaseSteps): boolean {
  return isForced(found) && ownReasons(found).length === 0 && changesOf(found).length === 0;
}

function ownReasons({ planned, previous, hadErrors, otherChanges }: ReleaseSteps): string[] {
  return [
    ...wayReasons(planned, previous),
    ...(hadErrors ? ["its last run did not end well"] : []),
    ...otherChanges.map((change) => `its Job: ${code(change)}`),
  ];
}

/** Why the release comes another way than the last one. */
function wayReasons(planned: ReleaseWay | undefined, previous: ReleaseWay | undefined): string[] {
  if (previous === undefined) return ["this stack has released nothing yet"];
  if (planned === undefined || planned.mode === previous.mode) return [];
  const reasons: string[] = [];
  if (previous.mode === "rollback") {
    const pin = previous.inputs.pin ?? "";
    reasons.push(`the pin of ${pinInWords(pin)} is taken away`);
  }
  if (previous.mode === "promotion" && planned.mode === "training") {
    reasons.push(`${code("updraft:promotion")} is taken away`);
  }
  if (planned.mode === "promotion" && previous.mode === "training") {
    reasons.push(`${code("updraft:promotion")} names ${code(planned.inputs.source?.stack ?? "")}`);
  }
  if (planned.mode === "rollback")
    reasons.push(`${pinInWords(planned.inputs.pin ?? "")} is pinned`);
  return reasons;
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

import { pinInWords } from "./action-words.ts";
import { code } from "./format-values.ts";
import { inputChanges, type InputChange } from "./input-changes.ts";
import type { ReleaseSteps, ReleaseWay } from "./release-steps.ts";

/** What differs from the last release; of another way to it only what both have. */
export function changesOf({ planned, previous }: ReleaseSteps): InputChange[] {
  if (!planned || !previous) return [];
  const all = inputChanges(previous.inputs, planned.inputs);
  if (previous.mode === planned.mode) return all;
  return all.filter(({ input }) => !["source", "pin", "trials"].includes(input));
}

/** Why a run comes, beside the inputs that have changed, in words. */
export function reasonsOf(found: ReleaseSteps): string[] {
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
  return retrain === "always" && planned?.mode === "training" && previous?.mode === "training";
}

/** Whether it trains with the very inputs of the last release, because every update does. */
export function isRepeat(found: ReleaseSteps): boolean {
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
  if (planned.mode === "rollback") {
    reasons.push(`${pinInWords(planned.inputs.pin ?? "")} is pinned`);
  }
  return reasons;
}

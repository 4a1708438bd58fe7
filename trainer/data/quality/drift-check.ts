import type { Examples } from "@updraft/models/dataset";
import type { ModelDefinition } from "@updraft/models/model-definition";
import type { QualityLimits } from "@updraft/models/quality";
import type { ChampionData } from "./champion-data.ts";
import { driftFrom } from "./drift.ts";
import type { QualityCheck } from "./report.ts";
import { shortNumber, skipped, verdictOn } from "./verdict.ts";

/** How far the training examples are from what the champion was trained on. */
export function driftCheck(
  train: Examples,
  definition: ModelDefinition,
  champion: ChampionData,
  { drift: limits }: QualityLimits,
): QualityCheck {
  if ("unknown" in champion) return skipped("drift", champion.unknown);
  const { version, baseline } = champion;
  const drifts = driftFrom(baseline, train, definition).toSorted((a, b) => b.psi - a.psi);
  const [most] = drifts;
  if (!most) return skipped("drift", `the card of version ${version} says nothing of its data`);
  const beyond = drifts.filter(({ psi }) => psi > (limits.warn ?? limits.fail ?? Infinity));
  return verdictOn({
    check: "drift",
    value: most.psi,
    limits,
    message: `PSI ${shortNumber(most.psi)} between the data of the champion, version ${version}, and this, most in ${most.of}`,
    rows: beyond.map(({ of, psi }) => `${of}: PSI ${shortNumber(psi)}`),
    affected: 0,
  });
}

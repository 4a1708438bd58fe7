import type { QualityReport } from "../data/quality/report.ts";

/** What the gate looks at of the data. */
export interface DataFindings {
  /** Names of the checks that have warned. */
  readonly warnings: readonly string[];
  /** How far the data is from what the champion was trained on; nothing where that is not known. */
  readonly drift: number | undefined;
}

/** What a report on the data comes to for the gate. */
export function dataFindings({ checks }: Pick<QualityReport, "checks">): DataFindings {
  return {
    warnings: checks.filter(({ verdict }) => verdict === "warned").map(({ check }) => check),
    drift: checks.find(({ check }) => check === "drift")?.value,
  };
}

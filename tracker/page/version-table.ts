import type { ModelVersion } from "../store/registry.ts";
import type { Run } from "../store/runs.ts";
import { parseGate, tagValue, wellKnownTags } from "./gate.ts";
import { html, type Html } from "./html.ts";
import { aliasBadge, digestCode, gateBadge, none, runLink, table, timeAgo } from "./layout.ts";
import { metricValue } from "./run-table.ts";

/** A version and the run that made it, where that is known. */
export interface VersionWithRun {
  readonly version: ModelVersion;
  readonly run?: Run | undefined;
}

/** Versions, one a row. */
export function versionTable(versions: readonly VersionWithRun[], now: number): Html {
  const columns = [
    { label: "Version" },
    { label: "Aliases" },
    { label: "Gate" },
    { label: "Accuracy", numeric: true },
    { label: "Package" },
    { label: "Run" },
    { label: "Registered" },
  ];
  const rows = versions.map(({ version, run }) => [
    html`<strong>${version.version}</strong>`,
    version.aliases.length > 0 ? version.aliases.map(aliasBadge) : none,
    gateBadge(parseGate(tagValue(version.tags, wellKnownTags.gate))),
    metricValue(run, "accuracy"),
    digestCode(tagValue(version.tags, wellKnownTags.digest)),
    run ? runLink(run.info.run_id, run.info.run_name) : none,
    timeAgo(version.creation_timestamp, now),
  ]);
  return table(columns, rows);
}

import { parseArgs } from "node:util";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { GarbageStore } from "../store/garbage.ts";
import { collectGarbage, type GcReport } from "./collect-garbage.ts";
import type { GcPolicy } from "./policy.ts";
import { GcRequest, policyOf } from "./request.ts";

/** The flags cannot be used; a line for each problem. */
export class GcUsageError extends Error {
  override readonly name = "GcUsageError";
}

/** What the command is to do. */
export interface GcCommand {
  readonly policy: GcPolicy;
  readonly dryRun: boolean;
  /** Whether the report is printed as JSON. */
  readonly json: boolean;
}

/** How the command is called. */
export const gcUsage = `usage: node tracker/main.ts gc [flags]

Frees deleted runs, logged models and experiments, versions and runs beyond the newest,
and the bytes of what nothing refers to any more, in the database and the artifact store
that MLFLOW_BACKEND_STORE_URI and MLFLOW_ARTIFACTS_DESTINATION name. Trackers may run.

  --older-than 30d       deleted, or ended, at least so long ago; 8h, 2d8h5m20s [0s]
  --keep-runs 100        of each experiment, free all but the newest 100 runs [keep all]
  --keep-versions 10     of each model, free all but the newest 10 versions [keep all]
  --experiment-ids 1,2   only the runs of these experiments [all]
  --models digits,iris   only the versions of these models [all]
  --dry-run              say what would be freed, and free nothing
  --json                 print the report as JSON`;

/**
 * Reads the flags of the command; undefined if they ask for help.
 * @throws {GcUsageError} with every problem
 */
export function parseGcArguments(args: readonly string[]): GcCommand | undefined {
  const values = flagsIn(args);
  if (values.help) return undefined;
  const parsed = GcRequest.safeParse({
    older_than: values["older-than"],
    keep_runs: values["keep-runs"],
    keep_versions: values["keep-versions"],
    experiment_ids: values["experiment-ids"]?.split(","),
    models: values.models?.split(","),
    dry_run: values["dry-run"],
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `--${String(path[0]).replaceAll("_", "-")}: ${message}`,
    );
    throw new GcUsageError(problems.join("\n"));
  }
  const { dry_run: dryRun } = parsed.data;
  return { policy: policyOf(parsed.data), dryRun, json: values.json ?? false };
}

function flagsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        "older-than": { type: "string" },
        "keep-runs": { type: "string" },
        "keep-versions": { type: "string" },
        "experiment-ids": { type: "string" },
        models: { type: "string" },
        "dry-run": { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new GcUsageError(`${message}\n${gcUsage}`, { cause: error });
  }
}

/** Runs the command; gives what it prints and its exit code, 1 if bytes could not be removed. */
export async function runGc(
  { policy, dryRun, json }: GcCommand,
  parts: { readonly store: GarbageStore; readonly artifacts: ArtifactStore },
): Promise<{ readonly output: string; readonly exitCode: number }> {
  const report = await collectGarbage({ ...parts, policy, dryRun, now: Date.now() });
  const output = json ? JSON.stringify(report, undefined, 2) : reportText(report);
  return { output, exitCode: report.failed.length > 0 ? 1 : 0 };
}

const nouns = {
  runs: ["run", "runs"],
  experiments: ["experiment", "experiments"],
  logged_models: ["logged model", "logged models"],
  model_versions: ["model version", "model versions"],
  packages: ["package", "packages"],
  datasets: ["dataset snapshot", "dataset snapshots"],
} as const;

/** A report for people. */
export function reportText(report: GcReport): string {
  const counted = Object.entries(nouns).flatMap(([key, [one, many]]) => {
    const count = report.freed[key as keyof typeof nouns];
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  });
  const what = counted.length > 0 ? counted.join(", ") : "nothing";
  const lines = [
    `${report.dry_run ? "would free" : "freed"} ${what}; ${bytesText(report.freed.bytes)}`,
    ...report.kept.map((kept) => `kept ${kept.what}: ${kept.why}`),
    ...rest(report.kept_count, report.kept.length, "kept"),
    ...report.elsewhere.map((uri) => `left to you, in another store: ${uri}`),
    ...rest(report.elsewhere_count, report.elsewhere.length, "left to you"),
    ...report.failed.map(
      ({ location, message }) => `not removed, the next gc tries again: ${location}: ${message}`,
    ),
  ];
  // Names are strangers' texts: what a terminal would obey is not printed.
  return lines.map((line) => line.replaceAll(/\p{Cc}/gu, "\uFFFD")).join("\n");
}

function rest(count: number, named: number, verb: string): string[] {
  return count > named ? [`${verb}: ${count - named} more`] : [];
}

function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1000 ** power;
  return `${power === 0 ? bytes : scaled.toFixed(1)} ${units[power] ?? ""}`;
}

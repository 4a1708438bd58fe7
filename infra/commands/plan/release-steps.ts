import { differenceInWords, inputDifferences } from "./input-differences.ts";
import type { Mode } from "./read-history.ts";
import { makesAnew, nameOf, type Preview, type Step } from "./read-preview.ts";
import { releaseInputs, type ReleaseInputs } from "./release-inputs.ts";

/** The components that come to a release, by their types. */
export const releaseComponents: Readonly<Record<string, Mode>> = {
  "updraft:platform:Training": "training",
  "updraft:platform:Promotion": "promotion",
  "updraft:platform:Rollback": "rollback",
};

/** How the release of one update comes about. */
export interface ReleaseWay {
  readonly mode: Mode;
  readonly inputs: ReleaseInputs;
}

/** What a preview says of where the release comes from. */
export interface ReleaseSteps {
  /** Nothing where the program did not get so far. */
  readonly planned: ReleaseWay | undefined;
  /** How the last release came about; nothing where there is none, or nothing is known of it. */
  readonly previous: ReleaseWay | undefined;
  /** Whether a process or a Job will run for it. */
  readonly runs: boolean;
  /** Whether the last run of the same kind was not well when it ended. */
  readonly hadErrors: boolean;
  /** `always`: every update trains. */
  readonly retrain: unknown;
  /** What else of a Job is not what it was, in words, beside its name and what the plan says. */
  readonly otherChanges: readonly string[];
}

/** Finds the component that comes to the release, and its run, of this update and of the last. */
export function releaseSteps({ steps }: Preview): ReleaseSteps {
  const component = steps.find(({ newState }) => modeOf(newState?.type) !== undefined);
  const run = runOf(steps, component, "newState");
  const old = oldComponent(steps);
  const oldRun = runOf(steps, old, "oldState");
  const inputs = component?.newState?.inputs;
  return {
    planned: way(component?.newState?.type, inputs, run?.newState?.inputs),
    previous: way(old?.oldState?.type, old?.oldState?.inputs, oldRun?.oldState?.inputs),
    runs: run !== undefined && makesAnew(run),
    hadErrors: (run?.oldState?.initErrors ?? []).length > 0,
    retrain: inputs?.["retrain"],
    otherChanges: jobChanges(run),
  };
}

/** Whether a resource is the run that comes to a release: a process or a Job. */
export function isReleaseRun({ urn }: { readonly urn: string }): boolean {
  const isOfRelease = Object.keys(releaseComponents).some((type) => urn.includes(`::${type}$`));
  return isOfRelease && nameOf(urn).endsWith("-run");
}

/** Of several, the one whose run is there: an update that failed may have left another beside it. */
function oldComponent(steps: readonly Step[]): Step | undefined {
  const all = steps.filter(({ oldState }) => modeOf(oldState?.type) !== undefined);
  return all.find((one) => runOf(steps, one, "oldState") !== undefined) ?? all[0];
}

function modeOf(type: string | undefined): Mode | undefined {
  return type === undefined ? undefined : releaseComponents[type];
}

function way(
  type: string | undefined,
  component: Record<string, unknown> | undefined,
  run: Record<string, unknown> | undefined,
): ReleaseWay | undefined {
  const mode = modeOf(type);
  return mode && { mode, inputs: releaseInputs(component, run) };
}

function runOf(
  steps: readonly Step[],
  component: Step | undefined,
  state: "oldState" | "newState",
): Step | undefined {
  return steps.find(
    (step) =>
      isReleaseRun(step) && step[state] !== undefined && step[state].parent === component?.urn,
  );
}

/** Names of runs, their labels and what the trainer is told tell nothing beyond the plan. */
function jobChanges(run: Step | undefined): string[] {
  if (run?.newState?.type !== "kubernetes:batch/v1:Job") return [];
  return inputDifferences(run)
    .filter(({ path }) => path.startsWith("spec.") && !/labels|\.env\.|\.image$/.test(path))
    .map((change) => ({ ...change, path: change.path.replace(/^spec\.(template\.spec\.)?/, "") }))
    .map(differenceInWords);
}

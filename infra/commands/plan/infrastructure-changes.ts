import { differenceInWords, inputDifferences, isUnknownYet } from "./input-differences.ts";
import { nameOf, type Preview, type Step } from "./read-preview.ts";
import { isReleaseRun } from "./release-steps.ts";

/** What happens to a resource. */
export type ChangeKind = "create" | "update" | "replace" | "delete";

/** A resource that does not stay as it is. */
export interface ResourceChange {
  readonly change: ChangeKind;
  readonly name: string;
  /** Pulumi's type, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Why, in words: what of its inputs is another; empty of one that is new or goes. */
  readonly because: readonly string[];
}

/** What happens to what belongs to one part of the platform. */
export interface ComponentChanges {
  /** Name of the component: `training`, `inference`; `stack` of what belongs to none. */
  readonly component: string;
  readonly changes: readonly ResourceChange[];
}

export interface InfrastructureChanges {
  /** Of resources; components are not counted, which only group them. */
  readonly counts: Readonly<Record<ChangeKind | "same", number>>;
  readonly components: readonly ComponentChanges[];
}

const kinds: Readonly<Record<string, ChangeKind | "same">> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  delete: "delete",
  same: "same",
};

/** What the preview does to resources, by component, in the order in which it goes. */
export function infrastructureChanges({ steps }: Preview): InfrastructureChanges {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  const parts = new Map<string, ResourceChange[]>();
  const parents = new Map(steps.map((step) => [step.urn, stateOf(step)?.parent]));
  // The halves of a replacement are steps of their own where the engine shows them.
  const seen = new Set<string>();
  for (const step of steps) {
    const change = kinds[step.op];
    if (change === undefined || !stateOf(step)?.custom || seen.has(step.urn)) continue;
    seen.add(step.urn);
    counts[change] += 1;
    if (change === "same") continue;
    const component = componentOf(step.urn, parents);
    parts.set(component, [...(parts.get(component) ?? []), resourceChange(change, step)]);
  }
  const components = [...parts].map(([component, changes]) => ({ component, changes }));
  return { counts, components };
}

function resourceChange(change: ChangeKind, step: Step): ResourceChange {
  const type = stateOf(step)?.type ?? "";
  return { change, name: nameOf(step.urn), type, because: reasonsOf(step) };
}

/** Nothing of a run: what it is for is said where the model is. */
function reasonsOf(step: Step): string[] {
  if (isReleaseRun(step) || nameOf(step.urn).endsWith("-sweep")) return [];
  const differences = inputDifferences(step);
  const known = differences.filter((change) => !isUnknownYet(change)).map(differenceInWords);
  return known.length < differences.length ? [...known, "the new release"] : known;
}

function stateOf(step: Step) {
  return step.newState ?? step.oldState;
}

/** The nearest component of the platform above a resource. */
function componentOf(urn: string, parents: ReadonlyMap<string, string | undefined>): string {
  for (let at = parents.get(urn); at !== undefined; at = parents.get(at)) {
    if (/[:$]updraft:platform:\w+::/.test(at)) return nameOf(at);
  }
  return "stack";
}

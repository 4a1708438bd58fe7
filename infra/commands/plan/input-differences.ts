import { changesBetween, unknownValue, type Change } from "../../local/provider/property-values.ts";
import { inWords } from "./format-values.ts";
import type { Step } from "./read-preview.ts";

/** How long the two values of a change may be together to be shown. */
const shownLength = 48;

/** What of a resource's inputs a step changes; nothing where it is not there before and after. */
export function inputDifferences({ oldState, newState }: Step): Change[] {
  if (!oldState || !newState) return [];
  return changesBetween(byName(oldState.inputs), byName(newState.inputs));
}

/** Whether a change comes of what only the run will tell. */
export function isUnknownYet({ after }: Change): boolean {
  return typeof after === "string" && after.includes(unknownValue);
}

/** `spec.replicas 2 → 3`, or only the place where the values are long. */
export function differenceInWords({ path, before, after }: Change): string {
  const values = `${inWords(before)} → ${inWords(after)}`;
  return values.length > shownLength ? path : `${path} ${values}`;
}

/** Lists whose items have names, such as the containers of a pod, as objects by name. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) return namedItems(value) ?? value.map(byName);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, byName(item)]));
}

function namedItems(items: readonly unknown[]): Record<string, unknown> | undefined {
  const entries = items.map((item) => {
    if (typeof item !== "object" || item === null || !("name" in item)) return undefined;
    const { name, ...others } = item;
    if (typeof name !== "string") return undefined;
    const keys = Object.keys(others);
    // A variable is its value.
    const content = keys.length === 1 && "value" in others ? others.value : byName(others);
    return [name, content] as const;
  });
  const named = entries.filter((entry) => entry !== undefined);
  return named.length > 0 && named.length === items.length ? Object.fromEntries(named) : undefined;
}

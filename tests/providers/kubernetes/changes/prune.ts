import { isRecord } from "../../support/wire-values.ts";

type KindOfValue = "null" | "array" | "object" | "string" | "number" | "boolean" | "other";

/**
 * The live object with only those members that the shape has too: what other hands have added to
 * an object is no change of ours.
 */
export function prune(
  live: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(live)
      .filter(([key]) => key in shape)
      .map(([key, value]) => [key, pruned(value, shape[key])]),
  );
}

function pruned(value: unknown, shape: unknown): unknown {
  if (kindOfValue(value) !== kindOfValue(shape)) return value;
  if (Array.isArray(value) && Array.isArray(shape)) return prunedList(value, shape);
  return isRecord(value) && isRecord(shape) ? prune(value, shape) : value;
}

function prunedList(value: readonly unknown[], shape: readonly unknown[]): unknown[] {
  if (value.length === 0 || shape.length === 0) return [];
  if (kindOfValue(value[0]) !== kindOfValue(shape[0])) return [...value];
  return value.slice(0, shape.length).map((element, index) => pruned(element, shape[index]));
}

function kindOfValue(value: unknown): KindOfValue {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (type === "object" || type === "string" || type === "number" || type === "boolean")
    return type;
  return "other";
}

/** In the place of a value that is known to an update only: nothing is said about it. */
export const unknownYet = Symbol("known to an update only");

/**
 * What lies at a path in a value: `undefined` where there is nothing, `unknownYet` where something
 * on the way is not known.
 */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (current === unknownYet) return unknownYet;
    if (typeof current !== "object" || current === null) return undefined;
    current = Object.entries(current).find(([name]) => name === key)?.[1];
  }
  return current ?? undefined;
}

/** The text at a path; nothing where there is none, or another kind of value. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The entries of a list at a path. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Names and values of an object at a path. */
export function entriesAt(value: unknown, ...path: readonly string[]): [string, unknown][] {
  const found = at(value, ...path);
  return typeof found === "object" && found !== null && !Array.isArray(found)
    ? Object.entries(found)
    : [];
}

/** Whether something is known not to be at a path. */
export function lacks(value: unknown, ...path: readonly string[]): boolean {
  return at(value, ...path) === undefined;
}

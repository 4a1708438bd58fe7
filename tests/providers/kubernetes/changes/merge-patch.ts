import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../support/wire-values.ts";

/**
 * What turns one object into another: a member of null is gone, a list is there as a whole.
 * @see https://www.rfc-editor.org/rfc/rfc7386
 */
export function mergePatch(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (isDeepStrictEqual(old, value)) continue;
    if (isRecord(old) && isRecord(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  return patch;
}

import { isDeepStrictEqual } from "node:util";
import type { ChangeKind } from "../../support/plugin-provider.ts";
import { isRecord, isUnknown } from "../../support/wire-values.ts";
import { needsNewObject } from "./force-new.ts";
import { mergePatch } from "./merge-patch.ts";
import { type PropertyPath, writePropertyPath } from "./property-path.ts";

type Values = Readonly<Record<string, unknown>>;

/** How each property changes, by path. */
export type DetailedDiff = Readonly<Record<string, { kind: ChangeKind; inputDiff: boolean }>>;

interface Comparison {
  /** The live object, pruned to the shape of the old inputs. */
  readonly live: Values;
  readonly newInputs: Values;
  /** The inputs that the live object was made from. */
  readonly oldInputs: Values;
  /** Paths that cannot change without a new object. */
  readonly forceNew: readonly string[];
}

const missing = Symbol("missing");

/** One place in the objects that are compared. */
interface Place {
  readonly path: PropertyPath;
  readonly patch: unknown;
  readonly live: unknown;
  readonly newInput: unknown;
  readonly oldInput: unknown;
  /** Below a list members that are gone are not in the patch. */
  readonly inList: boolean;
}

/** What an update changes in an object, property by property. */
export function detailedDiff(comparison: Comparison): DetailedDiff {
  const { live, newInputs, oldInputs } = comparison;
  const patch = mergePatch(live, newInputs);
  const found = membersOf({
    path: [],
    patch,
    live,
    newInput: newInputs,
    oldInput: oldInputs,
    inList: false,
  });
  return Object.fromEntries(
    [...found].map(({ place, kind }) => [
      writePropertyPath(place.path),
      {
        kind: needsNewObject(place.path, place.patch, comparison.forceNew)
          ? (`${kind}-replace` as const)
          : kind,
        inputDiff: kind === "delete",
      },
    ]),
  );
}

interface Found {
  readonly place: Place;
  readonly kind: "add" | "update" | "delete";
}

function* changesAt(place: Place): Generator<Found> {
  const { patch, live, newInput } = place;
  if (newInput === missing && (patch !== null || live === missing)) return;
  if (isUnknown(newInput)) {
    yield { place, kind: live === missing ? "add" : "update" };
  } else if (patch === null || patch === missing) {
    yield { place: { ...place, patch: null }, kind: "delete" };
  } else if (live === missing) {
    if (!isDroppedZero(place)) yield { place, kind: "add" };
  } else if (isRecord(patch) && isRecord(live)) {
    yield* membersOf(place);
  } else if (Array.isArray(patch) && Array.isArray(live)) {
    yield* elementsOf(place, patch, live);
  } else if (!isDeepStrictEqual(patch, live)) {
    yield { place, kind: "update" };
  }
}

/**
 * A zero value that was given before and that the API server does not keep, such as
 * `readOnly: false`. The official plugin drops these by way of Go's types.
 */
function isDroppedZero({ patch, oldInput }: Place): boolean {
  const isZero =
    patch === false ||
    patch === 0 ||
    patch === "" ||
    (Array.isArray(patch) && patch.length === 0) ||
    (isRecord(patch) && Object.keys(patch).length === 0);
  return isZero && isDeepStrictEqual(patch, oldInput);
}

function* membersOf(place: Place): Generator<Found> {
  const patch = place.patch as Values;
  const gone = place.inList
    ? Object.keys(place.live as Values).filter((key) => !(key in patch))
    : [];
  for (const key of [...Object.keys(patch), ...gone]) {
    yield* changesAt({
      path: [...place.path, key],
      patch: key in patch ? patch[key] : null,
      live: memberOf(place.live, key),
      newInput: memberOf(place.newInput, key),
      oldInput: memberOf(place.oldInput, key),
      inList: place.inList,
    });
  }
}

function* elementsOf(
  place: Place,
  patch: readonly unknown[],
  live: readonly unknown[],
): Generator<Found> {
  for (let index = 0; index < Math.max(patch.length, live.length); index++) {
    yield* changesAt({
      path: [...place.path, index],
      patch: index < patch.length ? patch[index] : null,
      live: index < live.length ? live[index] : missing,
      // An element that is not there is null, not missing: that is how it shows as gone.
      newInput: elementOf(place.newInput, index),
      oldInput: elementOf(place.oldInput, index),
      inList: true,
    });
  }
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : missing;
}

function elementOf(value: unknown, index: number): unknown {
  return Array.isArray(value) && index < value.length ? value[index] : null;
}

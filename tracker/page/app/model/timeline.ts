import type { ModelVersion, Promotion } from "../data/registry.ts";

/** A stretch of time in which an alias stood for a version; places are shares of the width. */
export interface Span {
  readonly version: string;
  readonly from: number;
  readonly to: number;
  /** It still does. */
  readonly isCurrent: boolean;
}

/** What an alias stood for, one stretch after another. */
export interface Lane {
  readonly alias: string;
  readonly spans: readonly Span[];
}

/** The history of a model's versions and aliases, laid out from left (0) to right (1). */
export interface Timeline {
  readonly versions: readonly { readonly version: string; readonly at: number }[];
  readonly lanes: readonly Lane[];
  readonly ticks: readonly { readonly time: number; readonly at: number }[];
}

/**
 * Days between two events say little, minutes much: what happens has equal room, in its order. What
 * belongs together, as the aliases that are moved when a version is released, has one place.
 */
const togetherMs = 60_000;

/** Ticks that a line has room for. */
const maxTicks = 6;

/** Lays out when versions came and what each alias stood for. */
export function timelineOf(
  versions: readonly Pick<ModelVersion, "version" | "creation_timestamp">[],
  moves: readonly Promotion[],
): Timeline {
  const aliasMoves = moves
    .filter(({ kind, alias }) => kind === "alias" && alias !== undefined)
    .toSorted((a, b) => a.timestamp - b.timestamp || a.move_id - b.move_id);
  const born = versions.map(({ creation_timestamp }) => creation_timestamp);
  const starts = startsOfPlaces(
    born,
    aliasMoves.map(({ timestamp }) => timestamp),
  );
  const placeOf = (time: number) =>
    Math.max(
      starts.findLastIndex((start) => start <= time),
      0,
    ) / Math.max(starts.length, 1);
  return {
    versions: versions
      .map(({ version, creation_timestamp }) => ({ version, at: placeOf(creation_timestamp) }))
      .toSorted((a, b) => a.at - b.at),
    lanes: lanesOf(aliasMoves, placeOf),
    ticks: ticksOf(starts).map((time) => ({ time, at: placeOf(time) })),
  };
}

/** Every version begins a place, and so does a move that comes long after what was before it. */
function startsOfPlaces(versions: readonly number[], moves: readonly number[]): number[] {
  const starts: number[] = [];
  let last = -Infinity;
  const born = new Set(versions);
  for (const time of [...born, ...moves].toSorted((a, b) => a - b)) {
    if ((born.has(time) && starts.at(-1) !== time) || time - last > togetherMs) starts.push(time);
    last = time;
  }
  return starts;
}

function lanesOf(moves: readonly Promotion[], placeOf: (time: number) => number): Lane[] {
  const lanes = new Map<string, Span[]>();
  for (const { alias = "", to_version, timestamp } of moves) {
    const spans = lanes.get(alias) ?? [];
    const at = placeOf(timestamp);
    const open = spans.at(-1);
    if (open?.isCurrent) spans[spans.length - 1] = { ...open, to: at, isCurrent: false };
    if (to_version !== undefined) {
      spans.push({ version: to_version, from: at, to: 1, isCurrent: true });
    }
    lanes.set(alias, spans);
  }
  // The one that serves comes first, the others by name.
  return [...lanes]
    .map(([alias, spans]) => ({ alias, spans: spans.filter(({ from, to }) => to > from) }))
    .filter(({ spans }) => spans.length > 0)
    .toSorted((a, b) => rank(a) - rank(b) || (a.alias < b.alias ? -1 : 1));
}

function rank({ alias }: Lane): number {
  return alias === "champion" ? 0 : 1;
}

function ticksOf(times: readonly number[]): number[] {
  if (times.length <= maxTicks) return [...times];
  const every = (times.length - 1) / (maxTicks - 1);
  return Array.from({ length: maxTicks }, (_, index) => times[Math.round(index * every)] ?? 0);
}

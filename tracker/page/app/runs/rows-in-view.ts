/** Which rows of a long table are drawn. */
export interface RowsInView {
  /** Index of the first one. */
  readonly first: number;
  /** Index after the last one. */
  readonly end: number;
}

/** Rows beyond either edge, so that scrolling finds them drawn. */
const spare = 8;

/** The rows to draw of a table that is scrolled so far; lengths are pixels. */
export function rowsInView(
  { scrollTop, height, rowHeight }: Record<"scrollTop" | "height" | "rowHeight", number>,
  count: number,
): RowsInView {
  const first = Math.floor(scrollTop / rowHeight) - spare;
  const end = Math.ceil((scrollTop + height) / rowHeight) + spare;
  return { first: Math.min(Math.max(first, 0), count), end: Math.min(Math.max(end, 0), count) };
}

/** Where a table must be scrolled to for a row to be seen whole, as little as possible. */
export function scrolledTo(
  index: number,
  { scrollTop, height, rowHeight }: Record<"scrollTop" | "height" | "rowHeight", number>,
): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}

/** The row that a key leads to, or undefined for a key that leads nowhere. */
export function rowAfterKey(
  key: string,
  current: number,
  { count, page }: { readonly count: number; readonly page: number },
): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined || count === 0 ? undefined : Math.min(Math.max(target, 0), count - 1);
}

/** The ids after one was chosen or left; `from` to it are chosen all. */
export function selectionAfter(
  selected: ReadonlySet<string>,
  ids: readonly string[],
  { index, from }: { readonly index: number; readonly from?: number | undefined },
): Set<string> {
  const after = new Set(selected);
  if (from !== undefined) {
    for (const id of ids.slice(Math.min(from, index), Math.max(from, index) + 1)) after.add(id);
    return after;
  }
  const id = ids[index];
  if (id !== undefined && !after.delete(id)) after.add(id);
  return after;
}

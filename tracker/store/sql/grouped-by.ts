/** Rows by a key of theirs, each as something else. */
export function groupedBy<Row, Key, Item>(
  rows: Iterable<Row>,
  keyOf: (row: Row) => Key,
  itemOf: (row: Row) => Item,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(itemOf(row));
    else groups.set(keyOf(row), [itemOf(row)]);
  }
  return groups;
}

/** Orders by a text, by its UTF-16 code units, whatever the language of the machine. */
export function byPath<T>(textOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [textOf(a), textOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

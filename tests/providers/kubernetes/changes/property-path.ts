/** A path of Pulumi's, such as `spec.containers[0].image` or `metadata.labels["a.b/c"]`. */
export type PropertyPath = readonly (string | number)[];

const segment = /\.?([^.[\]"]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]/gy;

/** The path's keys and indices; `*` stands for any. */
export function parsePropertyPath(text: string): PropertyPath {
  const path: (string | number)[] = [];
  let end = 0;
  for (const match of text.matchAll(segment)) {
    end = match.index + match[0].length;
    const [, key, quoted, index] = match;
    if (quoted !== undefined) path.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined && index !== "*") path.push(Number(index));
    else path.push(key ?? "*");
  }
  if (end !== text.length) throw new Error(`failed to parse ignore path: ${text}`);
  return path;
}

/** The path in Pulumi's writing. */
export function writePropertyPath(path: PropertyPath): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/[."[\]]/.test(key)) text += `["${key.replaceAll('"', '\\"')}"]`;
    else text += text === "" ? key : `.${key}`;
  }
  return text;
}

/** Whether the second path is the first one, or leads somewhere below it. */
export function containsPath(outer: PropertyPath, inner: PropertyPath): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((key, index) => key === "*" || String(key) === String(inner[index]))
  );
}

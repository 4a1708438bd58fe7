import { DataError } from "@updraft/models/dataset";

/** The file that lists what belongs to a folder, as `sha256sum` writes it. */
export const checksumsFile = "SHA256SUMS";

/** By path, the sha256 of each file, in hexadecimal. */
export type Checksums = ReadonlyMap<string, string>;

/**
 * Reads lines such as `3f9a…  train.csv`, as `sha256sum train.csv > SHA256SUMS` writes them.
 * @throws {DataError} for any other line, and if there is none
 */
export function parseChecksums(content: Uint8Array, origin: string): Checksums {
  const sums = new Map<string, string>();
  for (const [index, line] of new TextDecoder().decode(content).split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, sum, path] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/i.exec(line) ?? [];
    if (sum === undefined || path === undefined || !isBelow(path)) {
      const rule = "expected the sha256 of a file, two spaces and its path below the folder";
      throw new DataError(origin, { line: index + 1 }, rule);
    }
    sums.set(path, sum.toLowerCase());
  }
  if (sums.size > 0) return sums;
  throw new DataError(origin, undefined, "it lists no file; expected a line for each");
}

function isBelow(path: string): boolean {
  const parts = path.split("/");
  return !path.includes("\\") && parts.every((part) => !["", ".", ".."].includes(part));
}

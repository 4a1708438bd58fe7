import { createHash } from "node:crypto";
import { z } from "zod";

/** Names content by its sha256, as `sha256:` and 64 lower-case hexadecimal digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected sha256: and 64 hexadecimal digits");
export type Digest = z.infer<typeof Digest>;

/** A file of a package and the sha256 of its bytes, in hexadecimal. */
export interface FileDigest {
  readonly path: string;
  readonly sha256: string;
}

/** The sha256 of some bytes or UTF-8 text, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The digest of some bytes or UTF-8 text. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${sha256(content)}`;
}

/**
 * The digest of a set of files, whatever their order: that of one line for each, sorted by path,
 * as `sha256sum` prints them. `sha256sum b a | sort -k2 | sha256sum` gives the same digits.
 */
export function digestOfFiles(files: Iterable<FileDigest>): Digest {
  const lines = [...files]
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => `${file.sha256}  ${file.path}\n`);
  return digestOf(lines.join(""));
}

/** The 64 hexadecimal digits of a digest: the form used in folder names. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}

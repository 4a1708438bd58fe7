import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { checkArtifactPath, type FileContents } from "./artifact-store.ts";
import { messageOf } from "./message-of.ts";

/** What the first line of a bundle says: the files in the order of their bytes. */
const Header = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), bytes: z.int().min(0) })),
});

/** A bundle that is not what was bundled. */
export class BundleError extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`the package bundle is damaged: ${problem}; bundle the package again`, options);
    this.name = "BundleError";
  }
}

/**
 * Files as one, for a reader who cannot reach the store that they are in: a line of JSON with
 * paths and sizes, then the bytes one after another, gzipped as a whole. The same files give the
 * same bundle.
 */
export function bundleFiles(files: FileContents): Buffer {
  const contents = Object.entries(files).map(([path, content]) => ({
    path: checkArtifactPath(path),
    content: Buffer.from(content),
  }));
  const header = contents.map(({ path, content }) => ({ path, bytes: content.length }));
  return gzipSync(
    Buffer.concat([
      Buffer.from(`${JSON.stringify({ files: header })}\n`),
      ...contents.map(({ content }) => content),
    ]),
  );
}

/**
 * The files of a bundle, by path.
 * @throws {BundleError} if it is cut, or anything else than what `bundleFiles` gives
 */
export function unbundleFiles(bytes: Uint8Array): Record<string, Buffer> {
  const content = unpacked(bytes);
  const endOfHeader = content.indexOf("\n");
  if (endOfHeader < 0) throw new BundleError("it has no line that lists its files");
  const files = new Map<string, Buffer>();
  let start = endOfHeader + 1;
  for (const { path, bytes: size } of headerIn(content.subarray(0, endOfHeader)).files) {
    if (files.has(path)) throw new BundleError(`it has ${path} twice`);
    files.set(path, content.subarray(start, start + size));
    start += size;
  }
  if (start !== content.length) {
    throw new BundleError(`its files have ${start} bytes, and ${content.length} are there`);
  }
  return Object.fromEntries(files);
}

function unpacked(bytes: Uint8Array): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const { length } = bytes;
    throw new BundleError(`its ${length} bytes cannot be unpacked (${messageOf(error)})`, {
      cause: error,
    });
  }
}

function headerIn(line: Buffer): z.infer<typeof Header> {
  try {
    const header = Header.parse(JSON.parse(line.toString("utf8")));
    for (const { path } of header.files) checkArtifactPath(path);
    return header;
  } catch (error) {
    throw new BundleError("its first line does not list files", { cause: error });
  }
}

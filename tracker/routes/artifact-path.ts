import { checkArtifactPath } from "@updraft/contracts/artifact-store";
import { invalidParameter } from "../mlflow-error.ts";

/** How often a path may be percent-encoded before it is taken for an attempt to get through. */
const deepestEncoding = 5;

/**
 * The path of an artifact in its store, from a URL or a query.
 * @param encoded as it came: percent-encoded once
 * @throws {HttpError} 400 if it leaves its root, however often it is encoded
 */
export function artifactPath(encoded: string): string {
  const path = decoded(encoded);
  if (path === undefined) throw refused(encoded);
  let reading: string | undefined = path;
  for (let depth = 0; depth < deepestEncoding; depth += 1) {
    if (!isSound(reading)) throw refused(encoded);
    const deeper = decoded(reading);
    // A percent sign that encodes nothing is part of the name.
    if (deeper === undefined || deeper === reading) return path;
    reading = deeper;
  }
  throw refused(encoded);
}

function isSound(path: string): boolean {
  try {
    checkArtifactPath(path);
    return !/^[A-Za-z]:/.test(path);
  } catch {
    return false;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refused(path: string): Error {
  return invalidParameter(
    `Invalid path: '${path.slice(0, 200)}'. Expected names between single slashes, none of them '.' or '..'.`,
  );
}

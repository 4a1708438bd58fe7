import { call, reach, refusal } from "../call.ts";

/** A file or a folder among artifacts. */
export interface ArtifactEntry {
  readonly name: string;
  /** From the folder of all artifacts on, such as `evaluation/report.json`. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Bytes of a file. */
  readonly size?: number | undefined;
}

/**
 * The path behind an address that the tracker itself serves, such as `mlflow-artifacts:/1/ab/artifacts`.
 * @returns undefined for an address elsewhere, such as `s3://…`, which a browser cannot reach
 */
export function proxiedPath(uri: string | undefined): string | undefined {
  return /^mlflow-artifacts:\/+(?<path>[^/].*?)\/*$/s.exec(uri ?? "")?.groups?.path;
}

/** The entries of a folder, folders first. */
export async function fetchFolder(
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<ArtifactEntry[]> {
  const path = folder ? `${root}/${folder}` : root;
  const { files = [] } = await call<{
    files?: readonly { path: string; is_dir: boolean; file_size?: number }[];
  }>("mlflow-artifacts/artifacts", { fields: { path }, signal });
  return files
    .map((file) => ({
      name: file.path,
      path: folder ? `${folder}/${file.path}` : file.path,
      isFolder: file.is_dir,
      size: file.file_size,
    }))
    .toSorted((a, b) => Number(b.isFolder) - Number(a.isFolder) || (a.name < b.name ? -1 : 1));
}

/** Where the browser gets an artifact. */
export function artifactAddress(root: string, path: string): string {
  const parts = `${root}/${path}`.split("/").map(encodeURIComponent);
  return `/ajax-api/2.0/mlflow-artifacts/artifacts/${parts.join("/")}`;
}

/** The begin of a text file. */
export async function fetchText(
  root: string,
  path: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const response = await reach(artifactAddress(root, path), { signal });
  if (!response.ok) throw await refusal(response);
  const { bytes, isWhole } = await beginOf(response, maxBytes);
  return { text: new TextDecoder().decode(bytes), isWhole };
}

/** A file of JSON, or undefined if it is none. */
export async function fetchJson(root: string, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await reach(artifactAddress(root, path), { signal });
  if (!response.ok) throw await refusal(response);
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

async function beginOf(response: Response, maxBytes: number) {
  const parts: Uint8Array[] = [];
  let length = 0;
  if (response.body) {
    // To leave the loop ends the download.
    for await (const part of response.body) {
      parts.push(part);
      length += part.length;
      if (length > maxBytes) break;
    }
  }
  const bytes = new Uint8Array(Math.min(length, maxBytes));
  let position = 0;
  for (const part of parts) {
    bytes.set(part.subarray(0, bytes.length - position), position);
    position += part.length;
    if (position >= bytes.length) break;
  }
  return { bytes, isWhole: length <= maxBytes };
}

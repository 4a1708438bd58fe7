import type { Readable } from "node:stream";

/** A file in a store: its path from the store's root and its size in bytes. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
}

/** What lies directly in a folder: its name, and its size in bytes if it is a file. */
export type FolderEntry =
  | { readonly name: string; readonly kind: "file"; readonly size: number }
  | { readonly name: string; readonly kind: "folder" };

/** Files to be written, by path. */
export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/**
 * Where packages, snapshots and run artifacts are kept. Paths are relative to the root, with `/`
 * between their parts. Writing is atomic (a reader sees all of it or nothing) and idempotent.
 */
export interface ArtifactStore {
  /** Address of the root, without a slash at its end: `file:///…` or `s3://bucket/prefix`. */
  readonly uri: string;
  /** The address of a path. */
  uriOf(path: string): string;
  /** @throws {ArtifactNotFoundError} */
  read(path: string): Promise<Buffer>;
  /** The same in constant memory. @throws {ArtifactNotFoundError} before the first byte */
  readStream(path: string): Promise<Readable>;
  /**
   * Writes a file, over one that may be there.
   * @throws {ArtifactPathError} if a folder has this name, or a file the name of one of its folders
   */
  write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Writes the files of a new folder, all of them or none, and leaves a folder that is already
   * there as it is.
   */
  writeFolder(folder: string, files: FileContents): Promise<void>;
  /** Every file below a folder, in the order of their paths; none if there is no such folder. */
  list(folder: string): Promise<StoredFile[]>;
  /**
   * What lies directly in a folder, in the order of the names; none if there is no such folder.
   * @param folder the empty text is the root
   */
  entries(folder: string): Promise<FolderEntry[]>;
  /** A file's size. @throws {ArtifactNotFoundError} if there is no such file, or it is a folder */
  stat(path: string): Promise<StoredFile>;
  has(path: string): Promise<boolean>;
  /** Removes a file, or a folder with all that is in it; nothing if there is none. */
  remove(path: string): Promise<void>;
}

/** There is no such file. */
export class ArtifactNotFoundError extends Error {
  readonly uri: string;

  constructor(uri: string) {
    super(`there is no file ${uri}`);
    this.name = "ArtifactNotFoundError";
    this.uri = uri;
  }
}

/** A path that is empty, absolute, would leave its root, or has a name that is taken. */
export class ArtifactPathError extends Error {
  constructor(
    path: string,
    reason = 'expected parts between single slashes, none of them "." or ".."',
    options?: ErrorOptions,
  ) {
    super(`"${path}" is not a path in an artifact store: ${reason}`, options);
    this.name = "ArtifactPathError";
  }
}

/** The path as given. @throws {ArtifactPathError} if it does not stay below the root */
export function checkArtifactPath(path: string): string {
  const parts = path.split("/");
  const sound = parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!sound || path.includes("\\") || path.includes("\0")) throw new ArtifactPathError(path);
  return path;
}

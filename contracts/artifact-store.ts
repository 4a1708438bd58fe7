import type { Readable } from "node:stream";

/** A file in a store: its path from the store's root and its size in bytes. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
}

/** A file as `stat` finds it. */
export interface FileDetails extends StoredFile {
  /** Is another one when the content is; not every store can say. */
  readonly version?: string;
}

/** What is wanted of a file. */
export interface ReadOptions {
  /** First byte, counted from 0. @default 0 */
  readonly start?: number;
  /** Last byte, which is part of what is read. @default the file's last */
  readonly end?: number;
  /** Only this version, which `stat` has found. */
  readonly version?: string;
}

/** What lies directly in a folder: its name, and its size in bytes if it is a file. */
export type FolderEntry =
  | { readonly name: string; readonly kind: "file"; readonly size: number }
  | { readonly name: string; readonly kind: "folder" };

/** Files to be written, by path, in the order in which they may appear to a reader. */
export type FileContents = Readonly<Record<string, string | Uint8Array>>;

/**
 * Where packages, snapshots and run artifacts are kept. Paths are relative to the root, with `/`
 * between their parts. Writing a file is atomic (a reader sees all of it or nothing) and idempotent.
 */
export interface ArtifactStore {
  /**
   * Address of the root, without a slash at its end: `file:///…`, `s3://bucket/prefix` or
   * `mlflow-artifacts:/prefix`.
   */
  readonly uri: string;
  /** The address of a path. */
  uriOf(path: string): string;
  /** @throws {ArtifactNotFoundError} */
  read(path: string): Promise<Buffer>;
  /**
   * The same in constant memory, or a part of it.
   * @throws {ArtifactNotFoundError} before the first byte
   * @throws {ArtifactChangedError} before the first byte, if the version that is wanted is gone
   */
  readStream(path: string, options?: ReadOptions): Promise<Readable>;
  /**
   * Writes a file, over one that may be there.
   * @throws {ArtifactPathError} if a folder has this name, or a file the name of one of its folders
   */
  write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Writes the files of a new folder, and leaves a folder that is already there as it is. The last
   * file is the folder's seal: whoever finds it finds all the others. A store that can rename a
   * folder shows all of the files at once. Where none can be renamed the seal is written when the
   * others are there, a folder without it is written anew, and several may write the same folder
   * at once only if they mean the same content, as with folders named by a digest.
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
  stat(path: string): Promise<FileDetails>;
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

/** Another content is there than the one that was found before. */
export class ArtifactChangedError extends Error {
  constructor(uri: string) {
    super(`the file ${uri} has just been replaced; read it again`);
    this.name = "ArtifactChangedError";
  }
}

/**
 * The store cannot be used as it is set up: it is not there, cannot be reached, lets nobody in, or
 * is full. The message says which, where and what to do.
 */
export class ArtifactStoreError extends Error {
  readonly reason: "unreachable" | "refused" | "missing" | "full" | "failed";

  constructor(reason: ArtifactStoreError["reason"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ArtifactStoreError";
    this.reason = reason;
  }
}

/** Whether something failed because the store cannot be reached just now: it may be starting. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isAway = error instanceof ArtifactStoreError && error.reason === "unreachable";
  return isAway || isStoreAway(error.cause);
}

/** Of a path nobody reads more, in characters. */
const longestShown = 200;

/** A path that is empty, absolute, would leave its root, or has a name that is taken. */
export class ArtifactPathError extends Error {
  constructor(
    path: string,
    reason = 'expected parts between single slashes, none of them "." or ".."',
    options?: ErrorOptions,
  ) {
    const shown = path.length > longestShown ? `${path.slice(0, longestShown)}…` : path;
    super(`"${shown}" is not a path in an artifact store: ${reason}`, options);
    this.name = "ArtifactPathError";
  }
}

/** The path as given. @throws {ArtifactPathError} if it does not stay below the root */
export function checkArtifactPath(path: string): string {
  const parts = path.split("/");
  const sound = parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (!sound || path.includes("\\") || path.includes("\0") || !path.isWellFormed()) {
    throw new ArtifactPathError(path);
  }
  return path;
}

/** The folders that a path lies in, from the outermost: `a` and `a/b` of `a/b/c`. */
export function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** An upload that a client makes part by part, to addresses that need no key. */
export interface ClientUpload {
  readonly id: string;
  /** Where each part is put, in their order. */
  readonly partUrls: readonly string[];
}

/** A part that a client has put, as the answer to it named it. */
export interface UploadedPart {
  /** From 1. */
  readonly number: number;
  readonly etag: string;
}

/** Where a client gets a file from. */
export interface ClientDownload {
  readonly url: string;
  /** Size of the file in bytes. */
  readonly size: number;
}

/**
 * Lets clients send and get long files without a server in between, with addresses that are signed
 * for one request each. Paths are those of the artifact store behind it.
 */
export interface ClientTransfers {
  /** @throws {ArtifactPathError} if the file cannot be written there */
  createUpload(path: string, parts: number): Promise<ClientUpload>;
  /**
   * Makes one file of the parts; once more does no harm.
   * @throws {UnknownUploadError}
   */
  completeUpload(path: string, id: string, parts: readonly UploadedPart[]): Promise<void>;
  /** Gives an upload up; nothing if there is none. */
  abortUpload(path: string, id: string): Promise<void>;
  /** @throws {ArtifactNotFoundError} */
  downloadUrl(path: string): Promise<ClientDownload>;
}

/** There is no such upload, or it does not have these parts. */
export class UnknownUploadError extends Error {
  override readonly name = "UnknownUploadError";
}

import type { Readable } from "node:stream";
import {
  checkArtifactPath,
  type ArtifactStore,
  type FileContents,
  type FileDetails,
  type FolderEntry,
  type ReadOptions,
  type StoredFile,
} from "../artifact-store.ts";
import { s3Address, s3Uri } from "./s3-address.ts";

/**
 * A store in a bucket, whose client is loaded when it is first used: it takes a quarter of a second
 * and 30 MB, which nobody pays who keeps files elsewhere.
 * @throws if the address is not `s3://bucket/prefix`
 */
export function createLazyS3Store(
  uri: string,
  variables: Readonly<Record<string, string | undefined>>,
): ArtifactStore {
  return new LazyS3Store(s3Uri(s3Address(uri)), variables);
}

class LazyS3Store implements ArtifactStore {
  readonly uri: string;
  readonly #variables: Readonly<Record<string, string | undefined>>;
  #opened: Promise<ArtifactStore> | undefined;

  constructor(uri: string, variables: Readonly<Record<string, string | undefined>>) {
    this.uri = uri;
    this.#variables = variables;
  }

  uriOf(path: string): string {
    return `${this.uri}/${checkArtifactPath(path)}`;
  }

  async read(path: string): Promise<Buffer> {
    return (await this.#store()).read(path);
  }

  async readStream(path: string, options?: ReadOptions): Promise<Readable> {
    return (await this.#store()).readStream(path, options);
  }

  async write(
    path: string,
    content: string | Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    return (await this.#store()).write(path, content);
  }

  async writeFolder(folder: string, files: FileContents): Promise<void> {
    return (await this.#store()).writeFolder(folder, files);
  }

  async list(folder: string): Promise<StoredFile[]> {
    return (await this.#store()).list(folder);
  }

  async entries(folder: string): Promise<FolderEntry[]> {
    return (await this.#store()).entries(folder);
  }

  async stat(path: string): Promise<FileDetails> {
    return (await this.#store()).stat(path);
  }

  async has(path: string): Promise<boolean> {
    return (await this.#store()).has(path);
  }

  async remove(path: string): Promise<void> {
    return (await this.#store()).remove(path);
  }

  #store(): Promise<ArtifactStore> {
    this.#opened ??= import("./s3-store.ts").then(({ createS3Store }) =>
      createS3Store(this.uri, this.#variables),
    );
    return this.#opened;
  }
}

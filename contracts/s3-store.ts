import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  ArtifactPathError,
  checkArtifactPath,
  foldersOf,
  type ArtifactStore,
  type FileContents,
  type FileDetails,
  type FolderEntry,
  type ReadOptions,
  type StoredFile,
} from "./artifact-store.ts";
import { byPath } from "./by-path.ts";
import { s3Uri } from "./s3-address.ts";
import { connectToS3, type S3Connection } from "./s3-connection.ts";
import { isMissing, s3Error } from "./s3-errors.ts";
import { entriesIn, isFolder, objectsBelow } from "./s3-listing.ts";
import { readObject } from "./s3-read.ts";
import { removeObjects } from "./s3-remove.ts";
import { putObject, uploadObject } from "./s3-upload.ts";
import { writeSealedFolder } from "./sealed-folder.ts";

/** What S3 takes. */
const longestKeyBytes = 1024;

/** A store in a bucket, reached as {@link connectToS3} says. */
export function createS3Store(
  uri: string,
  variables: Readonly<Record<string, string | undefined>>,
): ArtifactStore {
  return new S3Store(connectToS3(uri, variables));
}

/**
 * A bucket knows keys and no folders: a folder is there as long as a key begins with it. That a
 * file and a folder do not have the same name is looked up before each write.
 */
class S3Store implements ArtifactStore {
  readonly uri: string;
  readonly #connection: S3Connection;

  constructor(connection: S3Connection) {
    this.uri = s3Uri(connection);
    this.#connection = connection;
  }

  uriOf(path: string): string {
    return `${this.uri}/${checkArtifactPath(path)}`;
  }

  async read(path: string): Promise<Buffer> {
    return buffer(await this.readStream(path));
  }

  readStream(path: string, options: ReadOptions = {}): Promise<Readable> {
    return this.#on(path, (key) => readObject(this.#connection, key, options));
  }

  write(path: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    return this.#on(path, () =>
      this.#place(path, content, this.#checkNoFiles(path, foldersOf(path))),
    );
  }

  writeFolder(folder: string, files: FileContents): Promise<void> {
    return this.#on(folder, async () => {
      await this.#checkNoFiles(folder, [...foldersOf(folder), folder]);
      const write = (path: string, content: string | Uint8Array) =>
        this.#on(path, () => this.#place(path, content, Promise.resolve()));
      await writeSealedFolder({ has: (path) => this.has(path), write }, folder, files);
    });
  }

  list(folder: string): Promise<StoredFile[]> {
    return this.#on(folder, async (key) => {
      const files = await objectsBelow(this.#connection, `${key}/`);
      return files
        .map(({ path, size }) => ({ path: `${folder}/${path}`, size }))
        .toSorted(byPath(({ path }) => path));
    });
  }

  entries(folder: string): Promise<FolderEntry[]> {
    const { prefix } = this.#connection;
    const list = async (key: string) => {
      const entries = await entriesIn(this.#connection, key === "" ? "" : `${key}/`);
      return entries.toSorted(byPath(({ name }) => name));
    };
    return folder === "" ? this.#on("-", () => list(prefix)) : this.#on(folder, list);
  }

  stat(path: string): Promise<FileDetails> {
    return this.#on(path, async (key) => {
      const { client, bucket } = this.#connection;
      const { ContentLength, ETag } = await client.send(
        new HeadObjectCommand({ Bucket: bucket, Key: key }),
      );
      return { path, size: ContentLength ?? 0, version: ETag };
    });
  }

  has(path: string): Promise<boolean> {
    return this.#on(path, async (key) => {
      const [file, folder] = await Promise.all([
        this.#isFile(key),
        isFolder(this.#connection, `${key}/`),
      ]);
      return file || folder;
    });
  }

  remove(path: string): Promise<void> {
    return this.#on(path, async (key) => {
      const below = await objectsBelow(this.#connection, `${key}/`);
      await removeObjects(this.#connection, [key, ...below.map((file) => `${key}/${file.path}`)]);
    });
  }

  /**
   * Writes a file.
   * @param checked fails if the name of one of its folders is a file's
   */
  async #place(
    path: string,
    content: string | Uint8Array | AsyncIterable<Uint8Array>,
    checked: Promise<void>,
  ): Promise<void> {
    const key = this.#keyOf(path);
    const free = Promise.all([checked, this.#checkNoFolder(path)]);
    if (typeof content === "string" || content instanceof Uint8Array) {
      await free;
      await putObject(this.#connection, key, Buffer.from(content));
    } else {
      await uploadObject(this.#connection, key, content, free);
    }
  }

  async #checkNoFolder(path: string): Promise<void> {
    if (await isFolder(this.#connection, `${this.#keyOf(path)}/`)) {
      throw new ArtifactPathError(path, "the name is taken");
    }
  }

  async #checkNoFiles(path: string, folders: readonly string[]): Promise<void> {
    const taken = await Promise.all(folders.map((folder) => this.#isFile(this.#keyOf(folder))));
    if (taken.includes(true)) throw new ArtifactPathError(path, "the name is taken");
  }

  async #isFile(key: string): Promise<boolean> {
    const { client, bucket } = this.#connection;
    try {
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #keyOf(path: string): string {
    const { prefix } = this.#connection;
    const key = prefix === "" ? checkArtifactPath(path) : `${prefix}/${checkArtifactPath(path)}`;
    if (Buffer.byteLength(key) <= longestKeyBytes) return key;
    throw new ArtifactPathError(path, `with its prefix it is longer than ${longestKeyBytes} bytes`);
  }

  /** Does something with the key of a path, and says in a store's words why it cannot be done. */
  async #on<T>(path: string, action: (key: string) => Promise<T>): Promise<T> {
    const key = this.#keyOf(path);
    try {
      return await action(key);
    } catch (error) {
      throw s3Error(this.#connection, key, error);
    }
  }
}

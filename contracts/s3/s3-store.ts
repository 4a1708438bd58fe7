import { HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  checkArtifactPath,
  foldersOf,
  type ArtifactStore,
  type FileContents,
  type FileDetails,
  type FolderEntry,
  type ReadOptions,
  type StoredFile,
} from "../artifact-store.ts";
import { byPath } from "../by-path.ts";
import { s3Uri } from "./s3-address.ts";
import { connectToS3, type S3Connection } from "./s3-connection.ts";
import { s3Error } from "./s3-errors.ts";
import { checkName, checkNoFiles, checkNoFolder, isObject, withKey } from "./s3-key.ts";
import { entriesIn, isFolder, objectsBelow } from "./s3-listing.ts";
import { readObject } from "./s3-read.ts";
import { removeObjects } from "./s3-remove.ts";
import { putObject, uploadObject } from "./s3-upload.ts";
import { writeSealedFolder } from "../sealed-folder.ts";

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
    return this.#on(path, (key) =>
      place(this.#connection, key, content, checkName(this.#connection, path)),
    );
  }

  writeFolder(folder: string, files: FileContents): Promise<void> {
    const connection = this.#connection;
    return this.#on(folder, async () => {
      await checkNoFiles(connection, [...foldersOf(folder), folder]);
      const write = (path: string, content: string | Uint8Array) =>
        this.#on(path, (key) => place(connection, key, content, checkNoFolder(connection, path)));
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

  async entries(folder: string): Promise<FolderEntry[]> {
    const connection = this.#connection;
    const list = async (key: string) => {
      const entries = await entriesIn(connection, key === "" ? "" : `${key}/`);
      return entries.toSorted(byPath(({ name }) => name));
    };
    if (folder !== "") return this.#on(folder, list);
    return list(connection.prefix).catch((error: unknown) => {
      throw s3Error(connection, connection.prefix, error);
    });
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
        isObject(this.#connection, key),
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

  // Async, so that a wrong path rejects like every other failure.
  async #on<T>(path: string, action: (key: string) => Promise<T>): Promise<T> {
    return withKey(this.#connection, path, action);
  }
}

/**
 * Writes a file.
 * @param free fails if its name is taken
 */
async function place(
  connection: S3Connection,
  key: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  free: Promise<void>,
): Promise<void> {
  if (typeof content === "string" || content instanceof Uint8Array) {
    await free;
    return putObject(connection, key, Buffer.from(content));
  }
  return uploadObject(connection, key, content, free);
}

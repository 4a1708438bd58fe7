import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { ArtifactPathError, checkArtifactPath, foldersOf } from "../artifact-store.ts";
import type { S3Connection } from "./s3-connection.ts";
import { isMissing, s3Error } from "./s3-errors.ts";
import { isFolder } from "./s3-listing.ts";

/** What S3 takes. */
const longestKeyBytes = 1024;

/** The key of a path. @throws {ArtifactPathError} if it has none */
export function s3Key({ prefix }: Pick<S3Connection, "prefix">, path: string): string {
  const key = prefix === "" ? checkArtifactPath(path) : `${prefix}/${checkArtifactPath(path)}`;
  if (Buffer.byteLength(key) <= longestKeyBytes) return key;
  throw new ArtifactPathError(path, `with its prefix it is longer than ${longestKeyBytes} bytes`);
}

/** Does something with the key of a path, and says in a store's words why it cannot be done. */
export async function withKey<T>(
  connection: S3Connection,
  path: string,
  action: (key: string) => Promise<T>,
): Promise<T> {
  const key = s3Key(connection, path);
  try {
    return await action(key);
  } catch (error) {
    throw s3Error(connection, key, error);
  }
}

/** Whether there is an object with just this key. */
export async function isObject({ client, bucket }: S3Connection, key: string): Promise<boolean> {
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** @throws {ArtifactPathError} if a folder has this name, or a file the name of one of its folders */
export async function checkName(connection: S3Connection, path: string): Promise<void> {
  await Promise.all([checkNoFolder(connection, path), checkNoFiles(connection, foldersOf(path))]);
}

/** @throws {ArtifactPathError} if a folder has this name */
export async function checkNoFolder(connection: S3Connection, path: string): Promise<void> {
  if (await isFolder(connection, `${s3Key(connection, path)}/`)) {
    throw new ArtifactPathError(path, "the name is taken");
  }
}

/** @throws {ArtifactPathError} if one of these folders is a file */
export async function checkNoFiles(
  connection: S3Connection,
  folders: readonly string[],
): Promise<void> {
  await Promise.all(
    folders.map(async (folder) => {
      if (await isObject(connection, s3Key(connection, folder))) {
        throw new ArtifactPathError(folder, "the name is a file's");
      }
    }),
  );
}

import { ListObjectsV2Command, type ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { checkArtifactPath, type FolderEntry, type StoredFile } from "../artifact-store.ts";
import type { S3Connection } from "./s3-connection.ts";

/** What a page of a listing holds; keys are whole. */
interface ListingPage {
  readonly files: readonly { readonly key: string; readonly size: number }[];
  readonly folders: readonly string[];
}

/** Every object below a folder of keys (empty, or with a slash at its end), by `key` less it. */
export async function objectsBelow(
  connection: S3Connection,
  folder: string,
): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  for await (const { files } of pages(connection, { Prefix: folder })) {
    for (const { key, size } of files) {
      const path = key.slice(folder.length);
      if (isPath(path)) found.push({ path, size });
    }
  }
  return found;
}

/** What lies directly in a folder of keys. */
export async function entriesIn(connection: S3Connection, folder: string): Promise<FolderEntry[]> {
  const found: FolderEntry[] = [];
  for await (const page of pages(connection, { Prefix: folder, Delimiter: "/" })) {
    for (const key of page.folders) {
      const name = key.slice(folder.length, -1);
      if (isPath(name)) found.push({ name, kind: "folder" });
    }
    for (const { key, size } of page.files) {
      const name = key.slice(folder.length);
      if (isPath(name)) found.push({ name, kind: "file", size });
    }
  }
  return found;
}

/** Whether any object is below a folder of keys. */
export async function isFolder(connection: S3Connection, folder: string): Promise<boolean> {
  for await (const { files } of pages(connection, { Prefix: folder, MaxKeys: 1 })) {
    return files.length > 0;
  }
  return false;
}

async function* pages(
  { client, bucket }: S3Connection,
  input: Omit<ListObjectsV2CommandInput, "Bucket">,
): AsyncGenerator<ListingPage, void> {
  let token: string | undefined;
  do {
    const page = await client.send(
      // XML has no way to write some characters that a key may have.
      new ListObjectsV2Command({
        ...input,
        Bucket: bucket,
        EncodingType: "url",
        ContinuationToken: token,
      }),
    );
    yield {
      files: (page.Contents ?? []).map(({ Key = "", Size = 0 }) => ({
        key: decodeKey(Key),
        size: Size,
      })),
      folders: (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => decodeKey(Prefix)),
    };
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll("+", " "));
}

/** Others may have written what is no path: `a//b`, or `a/` for an empty folder. */
function isPath(path: string): boolean {
  try {
    return checkArtifactPath(path) === path;
  } catch {
    return false;
  }
}

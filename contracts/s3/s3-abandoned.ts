import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import type { S3Connection } from "./s3-connection.ts";

/** What a writer that was killed left behind is given up after a day. */
const abandonedAfterMilliseconds = 24 * 60 * 60 * 1000;
/** How often it is looked for. */
const pauseMilliseconds = 60 * 60 * 1000;

const lastTidied = new WeakMap<object, number>();

/**
 * Gives up unfinished uploads of yesterday and before, once an hour, beside what is going on. Who
 * may not list uploads leaves them to the bucket's own rules.
 */
export function tidyUp(connection: S3Connection): void {
  const last = lastTidied.get(connection.client) ?? Number.NEGATIVE_INFINITY;
  if (Date.now() - last < pauseMilliseconds) return;
  lastTidied.set(connection.client, Date.now());
  const before = new Date(Date.now() - abandonedAfterMilliseconds);
  // No upload fails because another one cannot be removed.
  removeAbandonedUploads(connection, before).catch(() => undefined);
}

/** Removes unfinished uploads that were begun before a time, and frees what they take up. */
export async function removeAbandonedUploads(
  { client, bucket, prefix }: S3Connection,
  before: Date,
): Promise<void> {
  const folder = prefix === "" ? "" : `${prefix}/`;
  let KeyMarker: string | undefined;
  let UploadIdMarker: string | undefined;
  do {
    const page = await client.send(
      // Not every store lists uploads by the beginning of their keys.
      new ListMultipartUploadsCommand({ Bucket: bucket, KeyMarker, UploadIdMarker }),
    );
    const { Uploads = [] } = page;
    for (const { Key, UploadId, Initiated } of Uploads) {
      if (!Key?.startsWith(folder) || !Initiated || Initiated >= before) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined;
    UploadIdMarker = page.IsTruncated ? page.NextUploadIdMarker : undefined;
  } while (KeyMarker !== undefined);
}

import { GetObjectCommand } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReadOptions } from "../artifact-store.ts";
import type { S3Connection } from "./s3-connection.ts";
import { s3Error } from "./s3-errors.ts";

/** How often a download is taken up in a row without a byte in between. */
const mostResumptions = 5;

interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly version: string | undefined;
}

/**
 * Reads an object in constant memory. A connection that breaks off, because the network does or
 * because the store does not wait for a slow reader, is taken up where it ended, at the same
 * version of the object.
 */
export async function readObject(
  connection: S3Connection,
  key: string,
  options: ReadOptions,
): Promise<Readable> {
  const first = await openObject(connection, key, options);
  return Readable.from(resumed(connection, key, options, first), { objectMode: false });
}

async function openObject(
  { client, bucket }: S3Connection,
  key: string,
  { start = 0, end, version }: ReadOptions,
): Promise<Body> {
  const Range = start > 0 || end !== undefined ? `bytes=${start}-${end ?? ""}` : undefined;
  const { Body, ETag } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: key, Range, IfMatch: version }),
  );
  return { chunks: Body as Readable, version: ETag };
}

async function* resumed(
  connection: S3Connection,
  key: string,
  options: ReadOptions,
  first: Body,
): AsyncGenerator<Uint8Array, void> {
  let position = options.start ?? 0;
  let body = first;
  for (let resumptions = 0; ; resumptions += 1) {
    try {
      for await (const chunk of body.chunks) {
        position += chunk.length;
        resumptions = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      if (resumptions === mostResumptions) throw s3Error(connection, key, error);
    }
    await sleep(50 * 2 ** resumptions);
    const rest = { start: position, end: options.end, version: first.version };
    body = await openObject(connection, key, rest).catch((error: unknown) => {
      throw s3Error(connection, key, error);
    });
  }
}

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { tidyUp } from "./s3-abandoned.ts";
import type { S3Connection } from "./s3-connection.ts";

const mebibyte = 1024 * 1024;

/** How many parts S3 takes. */
export const mostParts = 10_000;

/**
 * How long a part is, in bytes: little of a usual file, and more with every thousandth, so that
 * 10,000 are enough for 460 GB.
 * @param number of the part, from 1
 */
export function partBytes(number: number): number {
  return 8 * mebibyte * Math.ceil(number / 1000);
}

/**
 * Writes an object of unknown length: what fits into one part by one request, the rest part by
 * part, of which one is sent while the next one is read. It appears when the last request is
 * answered; what breaks off is taken back.
 * @param ready is awaited before anything is sent; its failure is the upload's
 */
export async function uploadObject(
  connection: S3Connection,
  key: string,
  content: AsyncIterable<Uint8Array>,
  ready: Promise<unknown>,
): Promise<void> {
  // Whoever reads the content first may fail first.
  ready.catch(() => undefined);
  const parts = inParts(marked(content));
  const first = await parts.next();
  await ready;
  if (first.done || first.value.length < partBytes(1)) {
    return putObject(connection, key, first.done ? Buffer.alloc(0) : first.value);
  }
  await uploadParts(connection, key, prepend(first.value, parts));
}

/** Writes an object whose content is in memory. */
export async function putObject(
  { client, bucket }: S3Connection,
  key: string,
  body: Uint8Array,
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
}

async function uploadParts(
  connection: S3Connection,
  key: string,
  parts: AsyncIterable<Buffer>,
): Promise<void> {
  const { client, bucket } = connection;
  tidyUp(connection);
  const place = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place));
  const upload = { ...place, UploadId };
  try {
    const sent: CompletedPart[] = [];
    let sending: Promise<void> = Promise.resolve();
    let number = 0;
    for await (const part of parts) {
      await sending;
      number += 1;
      if (number > mostParts)
        throw new Error(`${key} is longer than 460 GB; write it in several files`);
      const PartNumber = number;
      sending = client
        .send(new UploadPartCommand({ ...upload, PartNumber, Body: part }))
        .then(({ ETag }) => void sent.push({ PartNumber, ETag }));
      // It is awaited with the next part, which may be long in coming.
      sending.catch(() => undefined);
    }
    await sending;
    await client.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: sent } }),
    );
  } catch (error) {
    // What cannot be taken back now is after a day: see tidyUp.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** The content cannot be read to its end; the cause says why. Nothing is wrong with the store. */
export class ContentError extends Error {
  override readonly name = "ContentError";
}

async function* marked(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* content;
  } catch (error) {
    throw new ContentError("the content broke off", { cause: error });
  }
}

/** Content in parts of the lengths that are wanted; only the last one may be shorter. */
async function* inParts(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  let number = 1;
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    let rest = chunk;
    while (bytes + rest.length >= partBytes(number)) {
      const cut = partBytes(number) - bytes;
      const part = Buffer.concat([...chunks, rest.subarray(0, cut)]);
      chunks = [];
      bytes = 0;
      number += 1;
      rest = rest.subarray(cut);
      yield part;
    }
    if (rest.length > 0) chunks.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(chunks);
}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void> {
  yield first;
  yield* rest;
}

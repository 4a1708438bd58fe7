import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import {
  UnknownUploadError,
  type ClientDownload,
  type ClientTransfers,
  type ClientUpload,
  type UploadedPart,
} from "../client-transfers.ts";
import { tidyUp } from "./s3-abandoned.ts";
import { connectToS3, type S3Connection } from "./s3-connection.ts";
import { checkName, withKey } from "./s3-key.ts";
import { signedParts } from "./s3-signed-parts.ts";

/** What a client gets who completes what is not there, or with parts that it never put. */
const clientsMistakes = new Set([
  "EntityTooSmall",
  "InvalidPart",
  "InvalidPartOrder",
  "MalformedXML",
  "NoSuchUpload",
]);

/** How clients reach a bucket. */
export interface TransferOptions {
  /** Address of the store as clients reach it: `https://s3.example.com`. */
  readonly publicEndpoint: string;
  /** How long a file may be fetched, in seconds; at most a week. */
  readonly downloadSeconds: number;
}

/** Transfers between clients and a bucket. @param uri `s3://bucket/prefix` */
export function createS3Transfers(
  uri: string,
  variables: Readonly<Record<string, string | undefined>>,
  options: TransferOptions,
): ClientTransfers {
  const inside = connectToS3(uri, variables);
  // Signing asks nobody: the address need not be one that is reached from here.
  const outside = connectToS3(uri, variables, options.publicEndpoint);
  return new S3Transfers(inside, outside, options.downloadSeconds);
}

class S3Transfers implements ClientTransfers {
  readonly #inside: S3Connection;
  readonly #outside: S3Connection;
  readonly #downloadSeconds: number;

  constructor(inside: S3Connection, outside: S3Connection, downloadSeconds: number) {
    this.#inside = inside;
    this.#outside = outside;
    this.#downloadSeconds = downloadSeconds;
  }

  createUpload(path: string, parts: number): Promise<ClientUpload> {
    return withKey(this.#inside, path, async (Key) => {
      await checkName(this.#inside, path);
      tidyUp(this.#inside);
      const place = { Bucket: this.#inside.bucket, Key };
      const { UploadId = "" } = await this.#inside.client.send(
        new CreateMultipartUploadCommand(place),
      );
      const partUrls = await signedParts(this.#outside, { Key, UploadId }, parts);
      return { id: UploadId, partUrls };
    });
  }

  completeUpload(path: string, id: string, parts: readonly UploadedPart[]): Promise<void> {
    return withKey(this.#inside, path, async (Key) => {
      const { client, bucket } = this.#inside;
      const sorted = parts.toSorted((a, b) => a.number - b.number);
      const Parts = sorted.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
      const upload = { Bucket: bucket, Key, UploadId: id };
      try {
        await client.send(
          new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
        );
      } catch (error) {
        if (!(error instanceof Error) || !clientsMistakes.has(error.name)) throw error;
        // The answer to the first time may have got lost.
        if (error.name === "NoSuchUpload" && (await this.#isWhole(Key, sorted))) return;
        const message = `the upload ${id} of ${path} cannot be completed (${error.name}); begin a new one`;
        throw new UnknownUploadError(message, { cause: error });
      }
    });
  }

  abortUpload(path: string, id: string): Promise<void> {
    return withKey(this.#inside, path, async (Key) => {
      const { client, bucket } = this.#inside;
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId: id }));
      } catch (error) {
        if (!(error instanceof Error && error.name === "NoSuchUpload")) throw error;
      }
    });
  }

  downloadUrl(path: string): Promise<ClientDownload> {
    return withKey(this.#inside, path, async (Key) => {
      const place = { Bucket: this.#inside.bucket, Key };
      const { ContentLength = 0 } = await this.#inside.client.send(new HeadObjectCommand(place));
      const name = encodeURIComponent(path.split("/").at(-1) ?? "");
      const download = new GetObjectCommand({
        ...place,
        // A browser does not show what a stranger has written as a page of the bucket's address.
        ResponseContentDisposition: `attachment; filename*=UTF-8''${name}`,
        ResponseContentType: "application/octet-stream",
      });
      const expiresIn = this.#downloadSeconds;
      const url = await getSignedUrl(this.#outside.client, download, { expiresIn });
      return { url, size: ContentLength };
    });
  }

  /** Whether an object is made of just these parts, as far as S3 says. */
  async #isWhole(Key: string, parts: readonly UploadedPart[]): Promise<boolean> {
    const { client, bucket } = this.#inside;
    const head = new HeadObjectCommand({ Bucket: bucket, Key });
    const found = await client.send(head).catch(() => undefined);
    return found?.ETag !== undefined && withoutQuotes(found.ETag) === etagOfParts(parts);
  }
}

/** The ETag of an object of several parts: the MD5 of the MD5s of its parts, and their number. */
function etagOfParts(parts: readonly UploadedPart[]): string {
  const digests = parts.map(({ etag }) => Buffer.from(withoutQuotes(etag), "hex"));
  return `${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-${parts.length}`;
}

function withoutQuotes(etag: string): string {
  return etag.replaceAll('"', "");
}

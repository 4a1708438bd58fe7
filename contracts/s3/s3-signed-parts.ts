import { setImmediate } from "node:timers/promises";
import { UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl, S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import type { S3Connection } from "./s3-connection.ts";

/** How long the parts of an upload may be put, in seconds. */
const expiresIn = 12 * 60 * 60;

/**
 * Addresses to put the parts of an upload to. The client finds out what an address looks like at
 * this store, for the first of them; the others are the same but for the number, and signing alone
 * is twenty times as fast: 10,000 take half a second.
 */
export async function signedParts(
  { client, bucket }: S3Connection,
  upload: { readonly Key: string; readonly UploadId: string },
  parts: number,
): Promise<string[]> {
  const command = new UploadPartCommand({ Bucket: bucket, ...upload, PartNumber: 1 });
  const first = new URL(await getSignedUrl(client, command, { expiresIn }));
  const signer = new S3RequestPresigner({ ...client.config, region: regionOf(first) });
  const urls: string[] = [first.href];
  for (let number = 2; number <= parts; number += 1) {
    // Others want to be answered too.
    if (number % 500 === 0) await setImmediate();
    const signed = await signer.presign(requestLike(first, number), { expiresIn });
    urls.push(`${first.origin}${first.pathname}?${queryOf(signed.query ?? {})}`);
  }
  return urls;
}

/** The region in `<key>/<date>/<region>/s3/aws4_request`. */
function regionOf(signed: URL): string {
  return signed.searchParams.get("X-Amz-Credential")?.split("/").at(-3) ?? "";
}

function requestLike(
  { protocol, hostname, port, host, pathname, searchParams }: URL,
  part: number,
) {
  const own = [...searchParams].filter(([name]) => !name.startsWith("X-Amz-"));
  return {
    method: "PUT",
    protocol,
    hostname,
    port: port === "" ? undefined : Number(port),
    path: pathname,
    query: { ...Object.fromEntries(own), partNumber: String(part) },
    headers: { host },
  };
}

type Query = Readonly<Record<string, string | string[] | null>>;

function queryOf(query: Query): string {
  return Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
    .join("&");
}

/** As AWS signs it: all but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

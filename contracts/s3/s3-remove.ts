import { DeleteObjectCommand, DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { eachOf } from "../each-of.ts";
import type { S3Connection } from "./s3-connection.ts";

/** How many objects S3 removes with one request. */
const removedAtOnce = 1000;

/** Removes objects; none is missed that is not there. */
export async function removeObjects(
  connection: S3Connection,
  keys: readonly string[],
): Promise<void> {
  const [single, listed] = [
    keys.filter(needsOwnRequest),
    keys.filter((key) => !needsOwnRequest(key)),
  ];
  if (keys.length === 1) return removeObject(connection, keys[0] ?? "");
  await eachOf(single, 4, (key) => removeObject(connection, key));
  for (let start = 0; start < listed.length; start += removedAtOnce) {
    await removeBatch(connection, listed.slice(start, start + removedAtOnce));
  }
}

/** The list of a batch is XML, which has no way to write some characters. */
function needsOwnRequest(key: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\ufffe\uffff]/.test(key);
}

async function removeObject({ client, bucket }: S3Connection, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}

async function removeBatch(
  { client, bucket }: S3Connection,
  keys: readonly string[],
): Promise<void> {
  const { Errors = [] } = await client.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
    }),
  );
  const [first] = Errors.filter(({ Code }) => Code !== "NoSuchKey");
  if (!first) return;
  const problem = new Error(`${Errors.length} objects are left, such as ${first.Key}`);
  throw Object.assign(problem, { Code: first.Code ?? first.Message ?? problem.message });
}

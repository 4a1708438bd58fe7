import { at, listAt, textAt, unknownYet } from "../values.ts";
import { letsEverybodyIn } from "./public-policies.ts";

/** What opens a bucket, and what to do. */
export interface Opening {
  readonly problem: string;
  readonly fix: string;
}
type Check = (inputs: unknown) => Opening | undefined;

/** Groups of S3 that everybody is in, the second one with an account of AWS. */
const openGroups = /\/(AllUsers|AuthenticatedUsers)$/;
/** Members of Google Cloud of the same kinds. */
const everybody = ["allUsers", "allAuthenticatedUsers"];

const acl: Check = (inputs) => {
  const name = textAt(inputs, "acl") ?? textAt(inputs, "predefinedAcl") ?? "";
  const granted = listAt(inputs, "accessControlPolicy", "grants")
    .map((grant) => textAt(grant, "grantee", "uri") ?? "")
    .find((uri) => openGroups.test(uri));
  if (!/^(public|authenticated-?read)/i.test(name) && granted === undefined) return undefined;
  const problem = granted === undefined ? `its ACL is ${name}` : `its ACL grants ${granted}`;
  return { problem, fix: "set it to private" };
};

const policy: Check = (inputs) =>
  letsEverybodyIn(at(inputs, "policy"))
    ? {
        problem: "its policy allows something to everybody",
        fix: "name who may in Principal",
      }
    : undefined;

const either = (...checks: readonly Check[]): Check => {
  return (inputs) => checks.map((check) => check(inputs)).find((found) => found !== undefined);
};

const blocks = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];
const publicAccessBlock: Check = (inputs) => {
  const open = blocks.filter((key) => {
    const found = at(inputs, key);
    return found !== true && found !== unknownYet;
  });
  if (open.length === 0) return undefined;
  return { problem: `it leaves ${open.join(", ")} off`, fix: "set all four to true" };
};

const members: Check = (inputs) => {
  const named = [at(inputs, "member"), at(inputs, "entity"), ...listAt(inputs, "members")];
  const found = named.find((name) => typeof name === "string" && everybody.includes(name));
  if (found === undefined) return undefined;
  return { problem: `it lets ${String(found)} in`, fix: "name an account or a group" };
};

/** A list such as `READER:allUsers`. */
const roleEntities: Check = (inputs) => {
  const found = listAt(inputs, "roleEntities").find(
    (entry) => typeof entry === "string" && everybody.includes(entry.split(":").at(-1) ?? ""),
  );
  if (found === undefined) return undefined;
  return { problem: `it grants ${String(found)}`, fix: "name an account or a group" };
};

const policyData: Check = (inputs) => {
  const found = everybody.find((name) => textAt(inputs, "policyData")?.includes(`"${name}"`));
  if (found === undefined) return undefined;
  return { problem: `its policy lets ${found} in`, fix: "name an account or a group" };
};

/** A setting that opens blobs with one of these values, or without any where that is the default. */
const setting = (key: string, open: readonly unknown[], closed: string): Check => {
  return (inputs) => {
    const found = at(inputs, key);
    if (!open.includes(found)) return undefined;
    const said = found === undefined ? "not set, which means true" : String(found);
    return { problem: `${key} is ${said}`, fix: `set it to ${closed}` };
  };
};

/** What opens a bucket, by the type of the resource that does. */
export const cloudBuckets: Readonly<Record<string, Check>> = {
  "aws:s3/bucket:Bucket": either(acl, policy),
  "aws:s3/bucketV2:BucketV2": either(acl, policy),
  "aws:s3/bucketAcl:BucketAcl": acl,
  "aws:s3/bucketAclV2:BucketAclV2": acl,
  "aws:s3/bucketPolicy:BucketPolicy": policy,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": publicAccessBlock,
  "gcp:storage/bucketIAMMember:BucketIAMMember": members,
  "gcp:storage/bucketIAMBinding:BucketIAMBinding": members,
  "gcp:storage/bucketIAMPolicy:BucketIAMPolicy": policyData,
  "gcp:storage/bucketACL:BucketACL": either(acl, roleEntities),
  "gcp:storage/bucketAccessControl:BucketAccessControl": members,
  "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl": members,
  "gcp:storage/defaultObjectACL:DefaultObjectACL": roleEntities,
  "azure-native:storage:StorageAccount": setting("allowBlobPublicAccess", [true], "false"),
  "azure-native:storage:BlobContainer": setting("publicAccess", ["Blob", "Container"], "None"),
  "azure:storage/account:Account": setting(
    "allowNestedItemsToBePublic",
    [true, undefined],
    "false",
  ),
  "azure:storage/container:Container": setting(
    "containerAccessType",
    ["blob", "container"],
    "private",
  ),
  "minio:index/s3Bucket:S3Bucket": acl,
  "minio:index/s3BucketPolicy:S3BucketPolicy": policy,
};

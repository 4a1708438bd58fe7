import { describe, expect, it } from "vitest";
import { lineOf, type Resource } from "../rule.ts";
import { unknownYet } from "../values.ts";
import { noPublicBuckets } from "./no-public-buckets.ts";

const said = (type: string, inputs: Record<string, unknown>) => {
  const resource: Resource = { type, name: "models", inputs, options: { protect: false } };
  return noPublicBuckets.check([resource], { stack: "dev", protectedStacks: [] }).map(lineOf);
};

const everybody = { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Principal: "*" };
const oneAccount = { ...everybody, Principal: { AWS: "arn:aws:iam::1:root" } };
const granted = "http://acs.amazonaws.com/groups/global/AllUsers";
const off = {
  blockPublicAcls: true,
  blockPublicPolicy: false,
  ignorePublicAcls: true,
};

describe("no-public-buckets", () => {
  it.each([
    ["aws:s3/bucket:Bucket", { acl: "public-read" }, "its ACL is public-read; set it to private"],
    [
      "aws:s3/bucketAcl:BucketAcl",
      { accessControlPolicy: { grants: [{ grantee: { uri: granted } }] } },
      `its ACL grants ${granted}; set it to private`,
    ],
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      { policy: JSON.stringify({ Statement: [oneAccount, everybody] }) },
      "its policy allows something to everybody; name who may in Principal",
    ],
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      { policy: { Statement: { ...everybody, Principal: { AWS: ["*"] } } } },
      "its policy allows something to everybody; name who may in Principal",
    ],
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      off,
      "it leaves blockPublicPolicy, restrictPublicBuckets off; set all four to true",
    ],
    [
      "gcp:storage/bucketIAMMember:BucketIAMMember",
      { member: "allUsers" },
      "it lets allUsers in; name an account or a group",
    ],
    [
      "gcp:storage/bucketIAMBinding:BucketIAMBinding",
      { members: ["user:me@example.com", "allAuthenticatedUsers"] },
      "it lets allAuthenticatedUsers in; name an account or a group",
    ],
    [
      "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
      { policyData: '{"bindings":[{"members":["allUsers"]}]}' },
      "its policy lets allUsers in; name an account or a group",
    ],
    [
      "gcp:storage/bucketACL:BucketACL",
      { predefinedAcl: "publicRead" },
      "its ACL is publicRead; set it to private",
    ],
    [
      "gcp:storage/bucketACL:BucketACL",
      { roleEntities: ["OWNER:project-owners-1", "READER:allUsers"] },
      "it grants READER:allUsers; name an account or a group",
    ],
    [
      "azure-native:storage:StorageAccount",
      { allowBlobPublicAccess: true },
      "allowBlobPublicAccess is true; set it to false",
    ],
    [
      "azure:storage/account:Account",
      {},
      "allowNestedItemsToBePublic is not set, which means true; set it to false",
    ],
    [
      "azure:storage/container:Container",
      { containerAccessType: "blob" },
      "containerAccessType is blob; set it to private",
    ],
    ["minio:index/s3Bucket:S3Bucket", { acl: "public" }, "its ACL is public; set it to private"],
  ])("finds %s with %j", (type, inputs, line) => {
    expect(said(type, inputs)).toEqual([`${type} models: ${line}`]);
  });

  it.each([
    ["aws:s3/bucket:Bucket", { acl: "private" }],
    ["aws:s3/bucket:Bucket", {}],
    ["aws:s3/bucketPolicy:BucketPolicy", { policy: JSON.stringify({ Statement: [oneAccount] }) }],
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      { policy: { Statement: [{ ...everybody, Effect: "Deny" }] } },
    ],
    [
      "aws:s3/bucketPolicy:BucketPolicy",
      { policy: { Statement: [{ ...everybody, Condition: { IpAddress: {} } }] } },
    ],
    [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      { ...off, blockPublicPolicy: true, restrictPublicBuckets: unknownYet },
    ],
    ["gcp:storage/bucketIAMMember:BucketIAMMember", { member: "group:team@example.com" }],
    ["azure-native:storage:StorageAccount", {}],
    ["azure-native:storage:BlobContainer", { publicAccess: "None" }],
    ["azure:storage/account:Account", { allowNestedItemsToBePublic: unknownYet }],
    ["minio:index/s3BucketPolicy:S3BucketPolicy", { policy: unknownYet }],
    ["another:index:Bucket", { acl: "public-read" }],
  ])("leaves %s with %j alone", (type, inputs) => {
    expect(said(type, inputs)).toEqual([]);
  });
});

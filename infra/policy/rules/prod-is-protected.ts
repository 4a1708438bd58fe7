import { whereOf } from "../manifest.ts";
import { resourceRule, type Resource } from "../rule.ts";

/** What a stack keeps its data in. A namespace takes its volumes along. */
const dataTypes = [
  "updraft:local:Folder",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "gcp:storage/bucket:Bucket",
  "azure-native:storage:StorageAccount",
  "azure-native:storage:BlobContainer",
];

/** Whatever a stack of production keeps its data in cannot be deleted by accident. */
export const prodIsProtected = resourceRule(
  {
    name: "prod-is-protected",
    severity: "mandatory",
    what: "What a stack called `prod`, `production` or `…-prod` keeps its data in is protected.",
    why: "A destroy in the wrong terminal takes every package, run and version along, and there is no way back.",
  },
  (resource, { stack, protectedStacks }) => {
    if (!isProduction(stack) && !protectedStacks.includes(stack)) return [];
    if (!holdsData(resource) || resource.options.protect) return [];
    const problem = `holds data of the stack ${stack}, and nothing keeps it from being deleted`;
    const fix = "protect the stack: pulumi config set updraft:protect true";
    return [{ where: whereOf(resource), problem, fix }];
  },
);

/** `prod`, `production`, and what ends with one of the two: `eu-prod`. */
export function isProduction(stack: string): boolean {
  return /(^|[-_.])(prod|production)$/i.test(stack);
}

function holdsData({ type, name }: Resource): boolean {
  if (type === "kubernetes:core/v1:Namespace") return name === "environment-namespace";
  return dataTypes.includes(type);
}

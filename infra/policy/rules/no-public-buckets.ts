import { kindOf, whereOf } from "../manifest.ts";
import { resourceRule, type Violation } from "../rule.ts";
import { entriesAt } from "../values.ts";
import { cloudBuckets } from "./public-cloud-buckets.ts";
import { letsEverybodyIn } from "./public-policies.ts";

type Found = Omit<Violation, "resource">;

/** No bucket can be read or written without credentials, in whatever cloud it is. */
export const noPublicBuckets = resourceRule(
  {
    name: "no-public-buckets",
    severity: "mandatory",
    what: "No bucket of S3, Google Cloud, Azure or MinIO is open to everybody, by ACL, policy or setting.",
    why: "Packages hold what the training data taught them, and snapshots hold the data itself.",
  },
  (resource): Found[] => {
    const where = whereOf(resource);
    const cloud = cloudBuckets[resource.type]?.(resource.inputs);
    if (cloud !== undefined) return [{ where, ...cloud }];
    if (kindOf(resource) !== "ConfigMap") return [];
    return entriesAt(resource.inputs, "data").flatMap(([key, text]) => {
      const problem = typeof text === "string" ? opened(text) : undefined;
      if (problem === undefined) return [];
      return [{ where: `${where}, ${key}`, problem, fix: "give a user of the store that right" }];
    });
  },
);

/** What a file for MinIO opens: a policy for everybody, or a command that makes one. */
function opened(text: string): string | undefined {
  if (letsEverybodyIn(text)) return "a policy allows something to everybody";
  const [command] =
    /\bmc\b[^\n]*\b(anonymous|policy)\s+set\s+(public|download|upload)\b/.exec(text) ?? [];
  return command === undefined ? undefined : `"${command}" opens a bucket to everybody`;
}

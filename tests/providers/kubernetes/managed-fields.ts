import { isRecord } from "../support/wire-values.ts";
import { parsePropertyPath } from "./changes/property-path.ts";
import {
  fieldAt,
  type KubeObject,
  listAt,
  stringAt,
  withField,
  withoutField,
} from "./objects/kube-object.ts";

/** Who sets which fields of an object. @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
type Entry = Readonly<Record<string, unknown>>;

/** Managers whose fields are taken over: by prefix of the name, and by operation. */
const takenOver = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  // Objects are created without server-side apply, by our name.
  { prefix: "pulumi-kubernetes", operation: "Update" },
  { prefix: "pulumi-resource-kubernetes", operation: "Update" },
] as const;

/**
 * The entries with all that is taken over as one entry of the manager, or undefined where there is
 * nothing to change.
 */
export function takenOverBy(object: KubeObject, manager: string): Entry[] | undefined {
  const entries = listAt(object, "metadata", "managedFields").filter(isRecord);
  const isOurs = (entry: Entry) =>
    entry["manager"] === manager && entry["operation"] === "Apply" && !entry["subresource"];
  const taken = entries.filter((entry) => !isOurs(entry) && isTakenOver(entry));
  const [first] = taken;
  if (!first) return undefined;
  const ours = entries.find(isOurs) ?? { ...first, manager, operation: "Apply" };
  const fieldsV1 = [...taken].reduce<unknown>(
    (fields, entry) => union(fields, entry["fieldsV1"]),
    ours["fieldsV1"],
  );
  const others = entries.filter((entry) => !isOurs(entry) && !taken.includes(entry));
  return [...others, { ...ours, fieldsV1 }];
}

function isTakenOver(entry: Entry): boolean {
  return (
    !entry["subresource"] &&
    takenOver.some(
      ({ prefix, operation }) =>
        String(entry["manager"]).startsWith(prefix) && entry["operation"] === operation,
    )
  );
}

/** Whether the object was created by us and not applied since. */
export function isCreatedByUs(object: KubeObject): boolean {
  return listAt(object, "metadata", "managedFields").some(
    (entry) =>
      stringAt(entry, "operation") === "Update" &&
      /^pulumi-(resource-)?kubernetes/.test(stringAt(entry, "manager")),
  );
}

function union(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return one ?? other;
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    result[key] = key in one ? union(one[key], value) : value;
  }
  return result;
}

/**
 * The inputs of an update with what `ignoreChanges` names left to others where they alone manage
 * it, and else as it is in the cluster.
 */
export function withIgnoredFields(
  inputs: KubeObject,
  live: KubeObject,
  manager: string,
  ignoreChanges: readonly string[],
): KubeObject {
  const entries = listAt(live, "metadata", "managedFields");
  const manages = (path: readonly string[], ours: boolean) =>
    entries.some((entry) => (stringAt(entry, "manager") === manager) === ours && has(entry, path));
  let result = inputs;
  for (const ignored of ignoreChanges) {
    const path = parsePropertyPath(ignored).map(String);
    const value = fieldAt(live, ...path);
    if (manages(path, false) && !manages(path, true)) result = withoutField(result, path);
    else if (value !== undefined) result = withField(result, path, value);
  }
  return result;
}

function has(entry: unknown, path: readonly string[]): boolean {
  return fieldAt(entry, "fieldsV1", ...path.map((key) => `f:${key}`)) !== undefined;
}

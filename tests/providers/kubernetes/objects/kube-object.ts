import { isRecord, isUnknown } from "../../support/wire-values.ts";

/** A Kubernetes object as JSON. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** The member at a path, or undefined where there is none. */
export function fieldAt(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const key of path) value = isRecord(value) ? value[key] : undefined;
  return value;
}

/** The string at a path; "" where there is none, or one that is not known yet. */
export function stringAt(object: unknown, ...path: readonly string[]): string {
  const value = fieldAt(object, ...path);
  return typeof value === "string" && !isUnknown(value) ? value : "";
}

/** The number at a path, or undefined where there is none. */
export function numberAt(object: unknown, ...path: readonly string[]): number | undefined {
  const value = fieldAt(object, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The elements at a path; none where there is no list. */
export function listAt(object: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = fieldAt(object, ...path);
  return Array.isArray(value) ? value : [];
}

/** A copy with the member at the path set; objects on the way are made where they are missing. */
export function withField(object: KubeObject, path: readonly string[], value: unknown): KubeObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  if (rest.length === 0) return { ...object, [key]: value };
  const child = object[key];
  return { ...object, [key]: withField(isRecord(child) ? child : {}, rest, value) };
}

/** A copy without the member at the path. */
export function withoutField(object: KubeObject, path: readonly string[]): KubeObject {
  const [key, ...rest] = path;
  if (key === undefined || !(key in object)) return object;
  const child = object[key];
  if (rest.length > 0) {
    return isRecord(child) ? { ...object, [key]: withoutField(child, rest) } : object;
  }
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

export const nameOf = (object: KubeObject): string => stringAt(object, "metadata", "name");
export const namespaceOf = (object: KubeObject): string =>
  stringAt(object, "metadata", "namespace");
export const kindOf = (object: KubeObject): string => stringAt(object, "kind");
export const apiVersionOf = (object: KubeObject): string => stringAt(object, "apiVersion");

/** `namespace/name`, or `name` of what has no namespace: the resource's id. */
export function qualifiedName(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The parts of an id. */
export function parseId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

/** The value of an annotation; "" where it is not set. */
export function annotation(object: KubeObject, key: string): string {
  return stringAt(object, "metadata", "annotations", key);
}

/**
 * Whether an object has the owner among its owner references. Names and kinds are compared, not
 * uids, as the official plugin does.
 */
export function isOwnedBy(object: KubeObject, owner: KubeObject | undefined): boolean {
  if (!owner) return false;
  return listAt(object, "metadata", "ownerReferences").some(
    (reference) =>
      stringAt(reference, "kind") === kindOf(owner) &&
      stringAt(reference, "name") === nameOf(owner),
  );
}

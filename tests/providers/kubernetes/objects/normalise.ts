import { containsUnknown, isRecord } from "../../support/wire-values.ts";
import { kindOfObject } from "./kind.ts";
import { fieldAt, type KubeObject, withField, withoutField } from "./kube-object.ts";
import { canonicalQuantity } from "./quantity.ts";

/** What the API server sets, and programs cannot. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
] as const;

/**
 * Inputs in the form that the API server keeps them in, so that what means the same does not show
 * up as a change: `stringData` as `data`, quantities in their canonical form. Inputs with unknown
 * values stay as they are.
 */
export function normalise(inputs: KubeObject): KubeObject {
  let result = containsUnknown(inputs) ? inputs : canonical(inputs);
  for (const key of readOnlyMetadata) result = withoutField(result, ["metadata", key]);
  return result;
}

function canonical(inputs: KubeObject): KubeObject {
  const { group, version, kind } = kindOfObject(inputs);
  if (group === "" && version === "v1" && kind === "Secret") return secret(inputs);
  if (kind === "CustomResourceDefinition") return withoutField(inputs, ["status"]);
  if (!isBuiltIn(group)) return inputs;
  return "spec" in inputs ? { ...inputs, spec: withQuantities(inputs["spec"], false) } : inputs;
}

/** Groups of Kubernetes itself have no dot, or end so. */
function isBuiltIn(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

function secret(inputs: KubeObject): KubeObject {
  const stringData = fieldAt(inputs, "stringData");
  const data = fieldAt(inputs, "data");
  if (!isRecord(stringData) || Object.keys(stringData).length === 0) {
    if (!isRecord(data)) return inputs;
    return withField(inputs, ["data"], mapValues(data, reencoded));
  }
  const encoded = mapValues(stringData, (value) => Buffer.from(String(value)).toString("base64"));
  const all = { ...(isRecord(data) ? data : {}), ...encoded };
  return withoutField(withField(inputs, ["data"], all), ["stringData"]);
}

/** Base64 without line breaks, as the API server writes it. */
function reencoded(value: unknown): unknown {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/=\s]*$/.test(value)) return value;
  return Buffer.from(value, "base64").toString("base64");
}

/** Members whose members are quantities. */
const quantityMaps = new Set([
  "capacity",
  "default",
  "defaultRequest",
  "hard",
  "limits",
  "max",
  "maxLimitRequestRatio",
  "min",
  "overhead",
  "podFixed",
  "requests",
]);
/** Members that are quantities. */
const quantities = new Set(["sizeLimit", "averageValue", "divisor"]);

function withQuantities(value: unknown, inMap: boolean): unknown {
  if (Array.isArray(value)) return value.map((element) => withQuantities(element, false));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (!isRecord(member) && !Array.isArray(member)) {
        return [key, inMap || quantities.has(key) ? quantity(member) : member];
      }
      return [key, withQuantities(member, quantityMaps.has(key))];
    }),
  );
}

function quantity(value: unknown): unknown {
  if (typeof value === "number") return canonicalQuantity(String(value));
  return typeof value === "string" ? canonicalQuantity(value) : value;
}

function mapValues(
  record: Record<string, unknown>,
  change: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

import { isDeepStrictEqual } from "node:util";

/** Keys of Pulumi's wire format. @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a value that is not known before the update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A property bag as the engine sends it. */
export type Properties = Readonly<Record<string, unknown>>;

/** The bag with the values of its secrets instead of their wrappers. */
export function unwrapSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapSecrets);
  if (!isRecord(value)) return value;
  if (value[signatureKey] === secretSignature) return unwrapSecrets(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapSecrets(item)]));
}

/** One value that is not what it was. */
export interface Change {
  /** Where, such as `hyperparameters.epochs`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two values, member by member, in the order of the newer one. */
export function changesBetween(before: unknown, after: unknown, path = ""): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [{ path, before, after }];
  const keys = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...keys].flatMap((key) =>
    changesBetween(before[key], after[key], path === "" ? key : `${path}.${key}`),
  );
}

/** A change in words: `hyperparameters.epochs 12 → 3`. */
export function describeChange(change: Change): string {
  return `${change.path} ${inWords(change.before)} → ${inWords(change.after)}`;
}

function inWords(value: unknown): string {
  if (value === undefined) return "(none)";
  if (value === unknownValue) return "(not known yet)";
  if (typeof value !== "string") return JSON.stringify(value);
  const digest = /^sha256:([0-9a-f]{8})[0-9a-f]{56}$/.exec(value);
  return digest?.[1] ?? value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

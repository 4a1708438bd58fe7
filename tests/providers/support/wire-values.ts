/** Keys of Pulumi's wire format. @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What stands for a string that is not known before the update. */
export const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for values that are not known before the update, one per type. */
const unknownValues: ReadonlySet<unknown> = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A property bag, as JSON; secrets are wrapped and unknown values are placeholders. */
export type Properties = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a wrapped secret. */
export function isSecret(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && value[signatureKey] === secretSignature;
}

/** The value as a secret; a secret stays as it is. */
export function secretOf(value: unknown): unknown {
  return isSecret(value) ? value : { [signatureKey]: secretSignature, value };
}

/** The value with what its secrets wrap instead of the wrappers. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isRecord(value)) return value;
  if (isSecret(value)) return withoutSecrets(value["value"]);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)]),
  );
}

/** Whether there is a secret anywhere in the value. */
export function containsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  return isSecret(value) || (isRecord(value) && Object.values(value).some(containsSecret));
}

/** Whether the value stands for one that is not known before the update. */
export function isUnknown(value: unknown): boolean {
  return unknownValues.has(value);
}

/** Whether anything in the value is not known before the update. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isUnknown(value) || (isRecord(value) && Object.values(value).some(containsUnknown));
}

/** The value without members that are null or undefined, at any depth below objects. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([key, member]) => [key, withoutNulls(member)]),
  );
}

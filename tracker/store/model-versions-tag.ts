/** Tag of a logged model with a JSON list of the versions that it was registered as. */
export const modelVersionsTag = "mlflow.modelVersions";

/** A version in that list. */
interface Registration {
  readonly name: string;
  readonly version: string | number;
}

/**
 * The list with each version once. The tracker adds a version when it is created, and MLflow's
 * clients then add it again, some with its number as text.
 * @param list as it is in the tag; a text that is no such list stays as it is
 */
export function eachVersionOnce(list: string): string {
  const versions = registrationsIn(list);
  if (!versions) return list;
  const byName = new Map(versions.map((one) => [`${one.version} ${one.name}`, one]));
  const once = [...byName.values()].map(({ name, version }) => ({ name, version: `${version}` }));
  return JSON.stringify(once);
}

/** The list with one more version. */
export function withVersion(list: string | undefined, added: Registration): string {
  return eachVersionOnce(JSON.stringify([...(registrationsIn(list ?? "[]") ?? []), added]));
}

function registrationsIn(list: string): Registration[] | undefined {
  try {
    const value: unknown = JSON.parse(list);
    return Array.isArray(value) && value.every(isRegistration) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRegistration(value: unknown): value is Registration {
  return typeof value === "object" && value !== null && "name" in value && "version" in value;
}

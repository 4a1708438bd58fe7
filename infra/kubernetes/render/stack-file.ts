import { parse } from "yaml";
import { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";
import { secretPlaceholder } from "./placeholders.ts";

/** The configuration of a stack as Pulumi's engine hands it to the program. */
export interface StackValues {
  /** Text, or JSON where the value is an object, by full key. */
  readonly values: Readonly<Record<string, string>>;
  /** Full keys of the encrypted ones, whose values are placeholders here. */
  readonly secretKeys: readonly string[];
}

const StackFile = z.object({ config: z.record(z.string(), z.json()).default({}) });

/**
 * The configuration in a `Pulumi.<stack>.yaml`. What is encrypted there stays so: nothing is
 * decrypted, and the program gets a placeholder.
 * @param text content of the file
 * @param file where it is from, for messages
 * @throws {ConfigError} if it is no such file
 */
export function stackValues(text: string, file: string): StackValues {
  const parsed = StackFile.safeParse(yamlOf(text, file) ?? {});
  if (!parsed.success) {
    throw new ConfigError([`${file} is no configuration of a stack: expected config: by key`]);
  }
  const secretKeys: string[] = [];
  const values = Object.entries(parsed.data.config).map(([key, value]) => {
    const plain = withoutSecrets(value, key);
    if (holdsSecret(value)) secretKeys.push(key);
    return [key, typeof plain === "string" ? plain : JSON.stringify(plain)];
  });
  return { values: Object.fromEntries(values), secretKeys };
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigError([
      `${file} is no YAML: ${error instanceof Error ? error.message : error}`,
    ]);
  }
}

type Json = z.infer<ReturnType<typeof z.json>>;

/** Pulumi writes an encrypted value as an object with the one key `secure`. */
function isSecret(value: Json): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 1 &&
    "secure" in value
  );
}

function holdsSecret(value: Json): boolean {
  if (isSecret(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(holdsSecret);
}

function withoutSecrets(value: Json, key: string): Json {
  if (isSecret(value)) return secretPlaceholder(key);
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, withoutSecrets(entry, `${key}.${name}`)]),
  );
}

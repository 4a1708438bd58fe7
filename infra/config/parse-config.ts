import { z } from "zod";
import { chapterProblems } from "./chapter-problems.ts";
import { KubernetesConfig, LocalConfig, type Config } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { credentialProblems } from "./credential-problems.ts";
import { parseValue } from "./parse-value.ts";
import { isSecretKey } from "./secret-keys.ts";
import { textKeys } from "./secret-texts.ts";

type Schema = typeof LocalConfig | typeof KubernetesConfig;

/**
 * The configuration of a project from all values of a stack, as the engine hands them over: text,
 * or JSON where the value is an object.
 * @param values by full key, such as `updraft:model`
 * @param isSecret whether the value of a full key is kept encrypted
 * @throws {ConfigError} with every problem at once
 */
export function parseConfig(
  project: string,
  values: Readonly<Record<string, string>>,
  isSecret: (key: string) => boolean = isSecretKey,
): Config {
  const prefix = `${project}:`;
  const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(prefix.length);
      return [name, textKeys.includes(name) ? value : parseValue(value)];
    }),
  );
  const schema: Schema = raw["target"] === "kubernetes" ? KubernetesConfig : LocalConfig;
  const result = schema.safeParse(raw);
  if (!result.success) {
    throw new ConfigError(result.error.issues.flatMap(problemsOf(prefix, schema)));
  }
  const problems = [
    ...chapterProblems(prefix, result.data, raw),
    ...credentialProblems(prefix, result.data, isSecret),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

function problemsOf(prefix: string, schema: Schema): (issue: z.core.$ZodIssue) => string[] {
  return (issue) => {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys") {
      const place = path === "" ? "" : `${path}.`;
      return issue.keys.map((key) =>
        unknownKey(`${prefix}${place}${key}`, [...issue.path, key], schema),
      );
    }
    return [`${prefix}${path}: ${issue.message}`];
  };
}

/** A key that belongs to the other target is one that somebody forgot to set `target` for. */
function unknownKey(name: string, path: readonly PropertyKey[], schema: Schema): string {
  const other = schema === LocalConfig ? KubernetesConfig : LocalConfig;
  const [chapter, key] = [path.slice(0, -1), String(path.at(-1))];
  const target = other === KubernetesConfig ? "kubernetes" : "local";
  const hint = knownKeys(other, chapter).includes(key) ? ` (it belongs to target ${target})` : "";
  return `${name} is not a key of the configuration${hint}; known here: ${knownKeys(schema, chapter).join(", ")}`;
}

/** The keys that may stand at a place of the configuration; none where there is no such place. */
function knownKeys(schema: Schema, path: readonly PropertyKey[]): string[] {
  let place: z.ZodType | undefined = schema;
  for (const key of path) place = shapeOf(place)[String(key)];
  return Object.keys(shapeOf(place));
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> {
  let current = schema;
  while (
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault
  ) {
    current = current.unwrap() as z.ZodType;
  }
  return current instanceof z.ZodObject ? current.shape : {};
}

import { GateRules } from "@updraft/contracts/gate";
import { z } from "zod";
import { credentialProblems } from "./credential-problems.ts";
import { isSecretKey } from "./secret-keys.ts";
import { credentialKeys } from "./tracker-credentials.ts";

const Port = z.int().min(1).max(65535);

/** Address of a tracker, without a slash at its end. */
const TrackerUri = z
  .url({ protocol: /^https?$/, error: "expected http://host:port or https://host" })
  .refine((uri) => !/^[^/]*\/\/[^/]*@/.test(uri), {
    error: "credentials do not belong there; set updraft:trackerUsername and trackerPassword",
  })
  .refine((uri) => !/[?#]/.test(uri), { error: "expected no query and no fragment" })
  .transform((uri) => uri.replace(/\/+$/, ""));

/**
 * The configuration of a stack, one key per chapter of the program. Every key may be left out;
 * one that is not listed here is an error.
 */
export const Config = z.strictObject({
  /** Where the stack runs; `local`: as processes on this machine. */
  target: z.enum(["local"]).default("local"),
  model: z
    .strictObject({
      /** A folder of `models/`. */
      name: z.string().min(1).default("digits"),
      /** A kind of dataset that the model knows, or `file:///folder`. @default the model's own */
      dataset: z.string().min(1).optional(),
      /** Checked by the model's own schema. @default the model's own, one by one */
      hyperparameters: z.record(z.string(), z.json()).default({}),
      /** What all that is random starts from. @default the model's own */
      seed: z.int().min(0).optional(),
      /** `always`: every update trains; `on-change`: only one with other inputs. */
      retrain: z.enum(["always", "on-change"]).default("always"),
    })
    .prefault({}),
  /** What a package must pass before it may serve. @default the model's own */
  gate: GateRules.optional(),
  inference: z.strictObject({ port: Port.default(8080) }).prefault({}),
  tracker: z
    .strictObject({
      /** Where the stack's own tracker listens. */
      port: Port.default(5000),
      /** Address of a tracker that is there already, ours or an MLflow server. @default its own */
      uri: TrackerUri.optional(),
    })
    .prefault({}),
  /** What the tracker is asked with; a stack's own tracker then lets in nobody else. */
  trackerToken: z.string().min(1).optional(),
  /** With `trackerPassword`, in place of a token. */
  trackerUsername: z.string().min(1).optional(),
  trackerPassword: z.string().min(1).optional(),
  store: z
    .strictObject({
      /** Folder of all that the stack keeps. @default .updraft/<stack> */
      path: z.string().min(1).optional(),
      /** Whether the folder outlives the stack. */
      keep: z.boolean().default(false),
    })
    .prefault({}),
});
export type Config = z.infer<typeof Config>;

/** The configuration cannot be used; the message lists every problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

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
      return [name, isText(name) ? value : parseValue(value)];
    }),
  );
  const result = Config.safeParse(raw);
  if (!result.success) throw new ConfigError(result.error.issues.flatMap(problemsOf(prefix)));
  const problems = [
    ...trackerProblems(prefix, result.data, raw["tracker"]),
    ...credentialProblems(prefix, result.data, isSecret),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

function trackerProblems(
  prefix: string,
  { inference, tracker }: Pick<Config, "inference" | "tracker">,
  given: unknown,
): string[] {
  if (tracker.uri !== undefined) {
    const hasPort = typeof given === "object" && given !== null && "port" in given;
    return hasPort
      ? [
          `${prefix}tracker.port and ${prefix}tracker.uri: with the address of a tracker that is there none is started; remove one of the two`,
        ]
      : [];
  }
  if (inference.port !== tracker.port) return [];
  return [
    `${prefix}inference.port and ${prefix}tracker.port are both ${tracker.port}; give each service its own port`,
  ];
}

/** A token may look like a number, and stays a text. */
function isText(name: string): boolean {
  return credentialKeys.some((key) => key === name);
}

function parseValue(value: string): unknown {
  try {
    return withNumbers(JSON.parse(value));
  } catch {
    return value;
  }
}

/** `pulumi config set --path` keeps a number such as 0.98 as text: here it is one again. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "string" && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(value)) return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item)]));
}

function problemsOf(prefix: string): (issue: z.core.$ZodIssue) => string[] {
  return (issue) => {
    const path = issue.path.join(".");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map(
        (key) =>
          `${prefix}${path === "" ? "" : `${path}.`}${key} is not a key of the configuration; known here: ${knownKeys(issue.path).join(", ")}`,
      );
    }
    return [`${prefix}${path}: ${issue.message}`];
  };
}

/** The keys that may stand at a place of the configuration. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  let schema: unknown = Config;
  for (const key of path) schema = inner(schema).shape[key as never];
  return Object.keys(inner(schema).shape);
}

function inner(schema: unknown): z.ZodObject {
  let current = schema as z.ZodType;
  while (current instanceof z.ZodPrefault || current instanceof z.ZodOptional) {
    current = current.unwrap() as z.ZodType;
  }
  return current as z.ZodObject;
}

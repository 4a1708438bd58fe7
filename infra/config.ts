import { GateRules } from "@updraft/contracts/gate";
import { z } from "zod";

const Port = z.int().min(1).max(65535);

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
  tracker: z.strictObject({ port: Port.default(5000) }).prefault({}),
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
 * @throws {ConfigError} with every problem at once
 */
export function parseConfig(project: string, values: Readonly<Record<string, string>>): Config {
  const prefix = `${project}:`;
  const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(
    own.map(([key, value]) => [key.slice(prefix.length), parseValue(value)]),
  );
  const result = Config.safeParse(raw);
  if (!result.success) throw new ConfigError(result.error.issues.flatMap(problemsOf(prefix)));
  const { inference, tracker } = result.data;
  if (inference.port === tracker.port) {
    throw new ConfigError([
      `${prefix}inference.port and ${prefix}tracker.port are both ${tracker.port}; give each service its own port`,
    ]);
  }
  return result.data;
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

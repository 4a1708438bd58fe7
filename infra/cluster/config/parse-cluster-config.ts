import type { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";
import { parseValue } from "../../config/parse-value.ts";
import { clusterConfigs, type ClusterConfig, type Provider } from "./cluster-config.ts";
import { optionProblems, reasonAgainst } from "./option-problems.ts";

/** Where the keys are. */
const prefix = "cluster:";

/** Keys whose value is a text, whatever it looks like: 1.30 is no number. */
const textKeys = ["name", "region", "version", "project", "image", "context", "kubeconfig"];

/**
 * The configuration of a cluster from all values of a stack, as the engine hands them over: text,
 * or JSON where the value is an object.
 * @param values by full key, such as `cluster:provider`
 * @throws {ConfigError} with every problem at once
 */
export function parseClusterConfig(values: Readonly<Record<string, string>>): ClusterConfig {
  const own = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  const raw = Object.fromEntries(
    own.map(([key, value]) => {
      const name = key.slice(prefix.length);
      return [name, textKeys.includes(name) ? value : parseValue(value)];
    }),
  );
  const provider = raw["provider"];
  if (!isProvider(provider)) throw new ConfigError([providerProblem(provider)]);
  const result = clusterConfigs[provider].safeParse(raw);
  if (!result.success) {
    throw new ConfigError(result.error.issues.flatMap((issue) => problemsOf(provider, issue)));
  }
  const problems = optionProblems(prefix, result.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return result.data;
}

/**
 * What the cluster is called: every provider can have such a name, and Google the shortest.
 * @throws {ConfigError} if it cannot be called so
 */
export function clusterName(stack: string, config: ClusterConfig): string {
  if (config.provider === "existing") return stack;
  const name = config.name ?? `updraft-${stack}`;
  if (/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(name)) return name;
  throw new ConfigError([
    `${prefix}name${config.name === undefined ? " is not set, and" : ""} ${name} is no name of a cluster: lower-case letters, digits and dashes, a letter first, 40 at most; set ${prefix}name to one`,
  ]);
}

function isProvider(value: unknown): value is Provider {
  return typeof value === "string" && Object.hasOwn(clusterConfigs, value);
}

function providerProblem(value: unknown): string {
  const known = Object.keys(clusterConfigs).join(", ");
  return value === undefined
    ? `${prefix}provider says where the cluster is; set it to one of ${known}`
    : `${prefix}provider is ${String(value)}; expected one of ${known}`;
}

function problemsOf(provider: Provider, issue: z.core.$ZodIssue): string[] {
  const path = issue.path.join(".");
  if (issue.code !== "unrecognized_keys") return [`${prefix}${path}: ${issue.message}`];
  return issue.keys.map((key) => unknownKey(provider, issue.path, key));
}

/** A key of another provider's is one that somebody expects to do something. */
function unknownKey(provider: Provider, path: readonly PropertyKey[], key: string): string {
  const place = `${prefix}${[...path, key].join(".")}`;
  if (path.length > 0) return `${place} is not a key of the configuration`;
  const reason = reasonAgainst(provider, key);
  if (reason) return `${place} is not to be had of ${provider}: ${reason}`;
  const others = Object.entries(clusterConfigs)
    .filter(([, schema]) => Object.hasOwn(schema.shape, key))
    .map(([name]) => name);
  const hint = others.length === 0 ? "" : ` (it belongs to provider ${others.join(", ")})`;
  const known = Object.keys(clusterConfigs[provider].shape).join(", ");
  return `${place} is not a key of provider ${provider}${hint}; known here: ${known}`;
}

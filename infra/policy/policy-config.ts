import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@updraft/contracts/message-of";
import { z } from "zod";
import { ConfigError } from "../config/config-error.ts";
import type { Rule } from "./rule.ts";

/** How much a rule counts: `mandatory` stops an update, `disabled` is not looked at. */
export const Level = z.enum(["mandatory", "advisory", "disabled"]);
export type Level = z.infer<typeof Level>;

/** A place where a rule need not be kept. */
export const Exception = z.strictObject({
  /** As the rule names it: `DaemonSet nvidia-device-plugin`, with all its containers. */
  object: z.string().min(1),
  /** Why, for whoever reads the configuration. */
  reason: z.string().min(1),
});
export type Exception = z.infer<typeof Exception>;

/** What the configuration says of one rule besides its level. */
export const RuleProperties = z.strictObject({
  except: z.array(Exception).optional(),
  /** Of `prod-is-protected`: stacks to protect whatever they are called. */
  stacks: z.array(z.string().min(1)).optional(),
});
export type RuleProperties = z.infer<typeof RuleProperties>;

const RuleConfig = z.union(
  [Level, z.strictObject({ enforcementLevel: Level.optional(), ...RuleProperties.shape })],
  {
    error:
      "expected mandatory, advisory or disabled, or an object with enforcementLevel, except (each with object and reason) and stacks",
  },
);

/** What applies to a rule. */
export interface RuleSettings extends RuleProperties {
  readonly level: Level;
}

/** By name of the rule. */
export type PolicySettings = ReadonlyMap<string, RuleSettings>;

/** The pack's own configuration. */
const ownFile = join(import.meta.dirname, "policy.json");

/**
 * What applies to each rule: its own severity, then the pack's configuration, then another file of
 * the same form, as Pulumi's `--policy-pack-config` takes it.
 * @throws {ConfigError} if a file is none of that form
 */
export function policySettings(rules: readonly Rule[], file?: string): PolicySettings {
  const configs = [ownFile, ...(file === undefined ? [] : [file])].map((path) => {
    if (!existsSync(path)) throw new ConfigError([`there is no ${path}`]);
    return parsePolicyConfig(readFileSync(path, "utf8"), path, rules);
  });
  return settingsOf(rules, configs);
}

/** What each rule is after the configurations, the last of which counts. */
export function settingsOf(
  rules: readonly Rule[],
  configs: readonly PolicyConfig[],
): PolicySettings {
  return new Map(
    rules.map(({ name, severity }) => {
      let settings: RuleSettings = { level: severity };
      for (const config of configs) {
        for (const { enforcementLevel, ...properties } of [config["all"], config[name]].map(long)) {
          settings = { ...settings, ...properties, level: enforcementLevel ?? settings.level };
        }
      }
      return [name, settings];
    }),
  );
}

export type PolicyConfig = Readonly<Record<string, z.infer<typeof RuleConfig>>>;

function long(config: PolicyConfig[string] = {}) {
  return typeof config === "string" ? { enforcementLevel: config } : config;
}

/**
 * Levels and properties by name of the rule; `all` stands for every rule.
 * @param file where the text is from, for messages
 * @throws {ConfigError} with every problem at once
 */
export function parsePolicyConfig(
  text: string,
  file: string,
  rules: readonly Rule[],
): PolicyConfig {
  const parsed = z.record(z.string(), RuleConfig).safeParse(jsonIn(text, file));
  const problems = parsed.success
    ? unknownNames(Object.keys(parsed.data), rules)
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  if (problems.length > 0) throw new ConfigError(problems.map((one) => `${file}: ${one}`));
  return parsed.data ?? {};
}

function unknownNames(names: readonly string[], rules: readonly Rule[]): string[] {
  const known = rules.map(({ name }) => name);
  return names
    .filter((name) => name !== "all" && !known.includes(name))
    .map((name) => `${name} is not a rule; known are all, ${known.join(", ")}`);
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`${file} is no JSON: ${messageOf(error)}`]);
  }
}

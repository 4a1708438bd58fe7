import { UsageError } from "../support/run-command.ts";
import { type Rule, severities } from "./findings.ts";

/** Options of a command that judges what it finds. */
export const ruleOptions = {
  level: { type: "string", default: "high" },
  unfixed: { type: "boolean", default: false },
} as const;

/** What is said of them in a usage. */
export const ruleUsage = `  --level    from which severity on it is refused: low, medium, high, critical. Default: high
  --unfixed  also what nobody has a better version of`;

/** @throws {UsageError} if there is no such level */
export function ruleOf(
  values: { readonly level: string; readonly unfixed: boolean },
  now: Date,
  usage: string,
): Rule {
  const level = severities.find((severity) => severity === values.level);
  if (level === undefined) throw new UsageError(`${values.level} is no level\n\n${usage}`);
  return { level, withUnfixed: values.unfixed, today: now.toISOString().slice(0, 10) };
}
